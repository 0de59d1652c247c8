import { ContextOverflowError, getRetryable } from "@langchain/core/errors";
import type { Failure } from "@litmus/core";
import { z } from "zod";

/** What can go wrong between a policy and its chat model; stable, stored with trajectories, named as with other engines. */
export type ChatFailureCode =
  | "engine-unreachable"
  | "engine-timed-out"
  | "engine-busy"
  | "engine-failed"
  | "engine-refused-key"
  | "engine-refused-request"
  | "engine-reply-unreadable"
  | "model-unknown"
  | "model-threw"
  | "unsupported-part"
  | "policy-closed";

/** Worth another try later, since nothing says that the same request would fail again. */
const retryable: ReadonlySet<ChatFailureCode> = new Set([
  "engine-unreachable",
  "engine-timed-out",
  "engine-busy",
  "engine-failed",
]);

export function chatFailure(code: ChatFailureCode, message: string): Failure {
  const boundary = code === "engine-timed-out" ? "timeout" : "policy";
  return { boundary, code, message, retryable: retryable.has(code) };
}

/** Whether the model says that the messages are longer than its context, which ends an episode, and fails none. */
export const isContextOverflow = (error: unknown): boolean =>
  ContextOverflowError.isInstance(error) || thrown.safeParse(error).data?.lc_error_code === "CONTEXT_OVERFLOW";

/** What the integrations of LangChain throw, as far as it says what happened. */
const thrown = z.looseObject({
  name: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  lc_error_code: z.string().optional().catch(undefined),
  status: z.number().optional().catch(undefined),
  statusCode: z.number().optional().catch(undefined),
  response: z.object({ status: z.number().optional() }).optional().catch(undefined),
  cause: z.looseObject({ code: z.string().optional() }).optional().catch(undefined),
});
type Thrown = z.infer<typeof thrown>;

const longestExcerpt = 300;

/** The failure that a thrown error stands for; LangChain's own retries are over by then. */
export function failureOfError(error: unknown): Failure {
  const known: Thrown = thrown.safeParse(error).data ?? {};
  const failure = chatFailure(codeOf(known), `the chat model threw: ${excerpt(known.message ?? String(error))}`);
  const marked = typeof error === "object" && error !== null ? getRetryable(error) : undefined;
  return marked === undefined ? failure : { ...failure, retryable: marked };
}

const systemCodes = /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_SOCKET)/;
const timeoutCodes = /^(ETIMEDOUT|UND_ERR_.*TIMEOUT)$/;
const byErrorCode: Readonly<Record<string, ChatFailureCode>> = {
  MODEL_AUTHENTICATION: "engine-refused-key",
  MODEL_NOT_FOUND: "model-unknown",
  MODEL_RATE_LIMIT: "engine-busy",
};

function codeOf({ name, message, code, lc_error_code, cause, ...rest }: Thrown): ChatFailureCode {
  const status = rest.status ?? rest.statusCode ?? rest.response?.status;
  const systemCode = code ?? cause?.code ?? "";
  const named = byErrorCode[lc_error_code ?? ""];
  if (named !== undefined) return named;
  if (status !== undefined) return codeOfStatus(status);
  if (timeoutCodes.test(systemCode) || /timeout/i.test(name ?? "")) return "engine-timed-out";
  if (systemCodes.test(systemCode) || message === "fetch failed" || /connection/i.test(name ?? ""))
    return "engine-unreachable";
  return "model-threw";
}

function codeOfStatus(status: number): ChatFailureCode {
  if (status === 401 || status === 403) return "engine-refused-key";
  if (status === 404) return "model-unknown";
  if (status === 408) return "engine-timed-out";
  if (status === 429 || status === 503 || status === 529) return "engine-busy";
  return status >= 500 ? "engine-failed" : "engine-refused-request";
}

/** The first 300 characters, on one line. */
function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longestExcerpt ? `${line.slice(0, longestExcerpt)}…` : line;
}
