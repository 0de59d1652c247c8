import { LitmusError } from "@litmus/core";
import type { JsonLine } from "../../output/json-line.ts";

/** The process that holds the runs folder. */
export interface AskedServer {
  readonly address: string;
  /** What its writes need. */
  readonly token: string | null;
}

/** Asks the process that holds the runs folder. */
export async function askServer({ address, token }: AskedServer, question: string): Promise<JsonLine> {
  const response = await fetch(`${address}/api/ask`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ question }),
  }).catch((cause: unknown) => {
    throw new LitmusError("unavailable", `the run at ${address} does not answer`, {
      hint: "try again when the run has ended",
      retryable: true,
      cause,
    });
  });
  const line = (await response.json()) as JsonLine & { message?: string; hint?: string };
  if (response.ok) return line;
  throw new LitmusError("unavailable", line.message ?? `the run at ${address} refused the question`, {
    hint: line.hint ?? "try again when the run has ended",
  });
}
