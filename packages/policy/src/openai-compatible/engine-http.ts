import { fail, succeed } from "@litmus/core";
import type { Failure, Outcome } from "@litmus/core";
import type { z } from "zod";
import { abortedFailure } from "../unless-aborted.ts";
import { engineFailure, excerpt, failureOfStatus } from "./engine-failure.ts";
import { asksForRetry, retryAfterMs, retryDelayMs } from "./retry-rule.ts";
import type { RetryRule } from "./retry-rule.ts";

export interface EngineHttpOptions {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  /** Milliseconds of one try. */
  readonly requestTimeoutMs: number;
  readonly retry: RetryRule;
  /** Aborted when the policy closes. */
  readonly closing: AbortSignal;
}

/** What an engine answered in the end, whatever its status. */
export interface EngineReply {
  readonly status: number;
  readonly text: string;
}

export interface EngineRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
}

type Try = { readonly reply: EngineReply; readonly waitMs: number } | { readonly failure: Failure };

/** Asks one engine over HTTP. Never rejects; follows no redirect, since the key would go along. */
export class EngineHttp {
  readonly #options: EngineHttpOptions;

  constructor(options: EngineHttpOptions) {
    this.#options = options;
  }

  /** The engine's answer; tried again while it says "later" or the connection drops. */
  async request(request: EngineRequest, signal?: AbortSignal): Promise<Outcome<EngineReply>> {
    const { retry, closing } = this.#options;
    const given = AbortSignal.any(signal === undefined ? [closing] : [closing, signal]);
    for (let attempt = 0; ; attempt++) {
      const tried = given.aborted ? { failure: this.#givenUp() } : await this.#try(request, given);
      const wait = waitAfter(tried);
      if (wait === null || attempt >= retry.maxRetries) return outcomeOf(tried);
      await retry.sleep(retryDelayMs(retry, attempt, wait), given);
    }
  }

  /** The answer's JSON, checked; any other status than 2xx is a failure. */
  async ask<T>(request: EngineRequest, schema: z.ZodType<T>, signal?: AbortSignal): Promise<Outcome<T>> {
    const outcome = await this.request(request, signal);
    return outcome.ok ? readReply(outcome.value, schema) : outcome;
  }

  async #try(request: EngineRequest, given: AbortSignal): Promise<Try> {
    const { baseUrl, requestTimeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    try {
      const response = await fetch(`${baseUrl}${request.path}`, {
        method: request.method,
        headers: this.#headers(),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        redirect: "error",
        signal: AbortSignal.any([given, timeout]),
      });
      const text = this.#withoutKey(await response.text());
      return { reply: { status: response.status, text }, waitMs: retryAfterMs(response.headers.get("retry-after")) };
    } catch (error) {
      if (given.aborted) return { failure: this.#givenUp() };
      const where = `${request.method} ${baseUrl}${request.path}`;
      if (timeout.aborted) {
        return { failure: engineFailure("engine-timed-out", `${where}: no answer within ${requestTimeoutMs} ms`) };
      }
      return { failure: engineFailure("engine-unreachable", `${where}: ${this.#withoutKey(causeOf(error))}`) };
    }
  }

  #headers(): Record<string, string> {
    const { apiKey } = this.#options;
    const authorization = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
    return { "content-type": "application/json", ...authorization };
  }

  #givenUp(): Failure {
    return this.#options.closing.aborted ? closedFailure : abortedFailure;
  }

  /** Engines quote requests in their answers. */
  #withoutKey(text: string): string {
    const { apiKey } = this.#options;
    return apiKey === null ? text : text.replaceAll(apiKey, "[key]");
  }
}

/** What a request to a closed policy resolves to. */
export const closedFailure: Failure = engineFailure("policy-closed", "the policy is closed");

/** Milliseconds that the engine asks to wait before another try; null when there is to be none. */
function waitAfter(tried: Try): number | null {
  if ("failure" in tried) return tried.failure.code === "engine-unreachable" ? 0 : null;
  return asksForRetry(tried.reply.status) ? tried.waitMs : null;
}

function outcomeOf(tried: Try): Outcome<EngineReply> {
  if ("failure" in tried) return fail(tried.failure);
  const { status, text } = tried.reply;
  return asksForRetry(status) ? fail(failureOfStatus(status, text)) : succeed(tried.reply);
}

/** The reply's JSON, checked; a failure when the status is not 2xx or the JSON is not what it should be. */
export function readReply<T>(reply: EngineReply, schema: z.ZodType<T>): Outcome<T> {
  const { status, text } = reply;
  if (status < 200 || status > 299) return fail(failureOfStatus(status, text));
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return succeed(parsed.data);
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  return fail(engineFailure("engine-reply-unreadable", `the engine's answer (${excerpt(issues)}): ${excerpt(text)}`));
}

/** Undefined for what is no JSON: no schema of an answer accepts that. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node's fetch says only "fetch failed"; the reason is in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
