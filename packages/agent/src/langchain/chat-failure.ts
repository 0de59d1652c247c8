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
  cause: z.unknown().optional(),
});
type Thrown = z.infer<typeof thrown>;

const longestExcerpt = 300;

/** The failure that a thrown error stands for; LangChain's own retries are over by then. */
export function failureOfError(error: unknown): Failure {
  const chain = chainOf(error);
  const failure = chatFailure(codeOf(chain), `the chat model threw: ${excerpt(chain[0]?.message ?? String(error))}`);
  const marked = typeof error === "object" && error !== null ? getRetryable(error) : undefined;
  return marked === undefined ? failure : { ...failure, retryable: marked };
}

/** A cause may be its own. */
const deepestCause = 8;

/** An error and what caused it, outermost first: clients wrap what the network says, some twice. */
function chainOf(error: unknown): readonly Thrown[] {
  const chain: Thrown[] = [];
  for (let at = error; chain.length < deepestCause; at = chain.at(-1)?.cause) {
    const known = thrown.safeParse(at).data;
    if (known === undefined) break;
    chain.push(known);
  }
  return chain;
}

const systemCodes = /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_SOCKET)/;
const timeoutCodes = /^(ETIMEDOUT|UND_ERR_.*TIMEOUT)$/;
const byErrorCode: Readonly<Record<string, ChatFailureCode>> = {
  MODEL_AUTHENTICATION: "engine-refused-key",
  MODEL_NOT_FOUND: "model-unknown",
  MODEL_RATE_LIMIT: "engine-busy",
};

function codeOf(chain: readonly Thrown[]): ChatFailureCode {
  const [outermost] = chain;
  const named = byErrorCode[outermost?.lc_error_code ?? ""];
  if (named !== undefined) return named;
  const status = outermost?.status ?? outermost?.statusCode ?? outermost?.response?.status;
  if (status !== undefined) return codeOfStatus(status);
  if (chain.some(isTimeout)) return "engine-timed-out";
  return chain.some(isUnreachable) ? "engine-unreachable" : "model-threw";
}

/** The SDKs of OpenAI and Anthropic name all their errors `Error`: there the message alone tells. */
const isTimeout = ({ name = "", message = "", code = "" }: Thrown): boolean =>
  timeoutCodes.test(code) || /timeout/i.test(name) || /^request timed out/i.test(message);

const isUnreachable = ({ name = "", message = "", code = "" }: Thrown): boolean =>
  systemCodes.test(code) || /connection/i.test(name) || /^(fetch failed$|connection error)/i.test(message);

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
