/** @file Work calls answer at once with a number; the result is fetched by long polls, which may be repeated freely. */
import { z } from "zod";
import { jsonType } from "../wire/codec.ts";
import { readJson } from "../wire/json-results.ts";
import type { HttpClient, HttpReply } from "./http-client.ts";
import { LostReply } from "./lost-reply.ts";
import type { Time } from "./time.ts";

export interface FutureOptions {
  readonly http: HttpClient;
  readonly time: Time;
  /** Longest wait for one result, all polls together. */
  readonly resultTimeoutMs: number;
}

/** The server holds a poll for up to 300 s. */
const pollTimeoutMs = 330_000;
/** Between two polls: nothing where the server waits itself, a rest where it answers at once. */
const pauseMs = 200;

const tryAgain = z.looseObject({ type: z.literal("try_again") });

/**
 * Waits for the result of a call. Time-outs (408), `try_again` and lost connections lead to another poll.
 * @throws StatusError when the call failed: 400 with the reason, 404 when the server does not know it (any more)
 * @throws LostReply when the time is over
 */
export async function retrieveResult(options: FutureOptions, requestId: string, accept: string): Promise<HttpReply> {
  const { http, time, resultTimeoutMs } = options;
  const giveUpAt = time.monotonicMs() + resultTimeoutMs;
  while (time.monotonicMs() < giveUpAt) {
    const reply = await http.send({
      method: "POST",
      path: "/api/v1/retrieve_future",
      contentType: jsonType,
      body: JSON.stringify({ request_id: requestId }),
      accept,
      timeoutMs: pollTimeoutMs,
      repeat: "safe",
      expect: [408],
    });
    if (reply.status !== 408 && !isTryAgain(reply)) return reply;
    await time.sleep(pauseMs);
  }
  throw new LostReply(`result ${requestId} was not ready within ${resultTimeoutMs} ms`, { mayHaveActed: true });
}

function isTryAgain({ contentType, bytes }: HttpReply): boolean {
  if (!contentType.includes("json")) return false;
  return tryAgain.safeParse(readJson(z.unknown(), bytes, "retrieve_future")).success;
}
