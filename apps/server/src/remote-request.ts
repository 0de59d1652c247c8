import { LitmusError } from "@litmus/core";
import type { ErrorCode } from "@litmus/core";
import { z } from "zod";

const timeoutMs = 30_000;
const errorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

interface Asked {
  readonly url: URL;
  /** What it asks for, if anything. */
  readonly token: string | null;
}

/**
 * What the process that holds a store answers; null when it has no such record.
 * @throws LitmusError `unavailable` when it does not answer, `incompatible` when it does in another form
 */
export async function remoteRequest<T>({ url, token }: Asked, schema: z.ZodType<T>): Promise<T | null> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, { headers, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    body = await response.json();
  } catch (cause) {
    throw new LitmusError("unavailable", `the process that holds the store does not answer at ${url.origin}`, {
      hint: "it may just have ended: run the same command again",
      retryable: true,
      cause,
    });
  }
  if (response.status === 404) return null;
  if (!response.ok) throw refusal(url, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new LitmusError(
    "incompatible",
    `the process at ${url.origin} answers in another form: ${z.prettifyError(parsed.error)}`,
    {
      hint: "it may be another version of litmus",
      cause: parsed.error,
    },
  );
}

function refusal(url: URL, body: unknown): LitmusError {
  const { data } = errorSchema.safeParse(body);
  if (data === undefined) return new LitmusError("unavailable", `the process at ${url.origin} failed`);
  const isInput = data.code === "invalid-input";
  const code: ErrorCode = isInput ? "invalid-input" : "unavailable";
  return new LitmusError(code, data.message, data.hint === undefined ? {} : { hint: data.hint });
}
