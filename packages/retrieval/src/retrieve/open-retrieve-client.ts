import { type IndexInfo, LitmusError, type Retriever, type Sha256 } from "@litmus/core";
import { z } from "zod";
import { type CircuitBreakerOptions, CircuitBreaker } from "../remote/circuit-breaker.ts";
import type { RetryOptions } from "../remote/send-with-retries.ts";
import { readServerUrl } from "../remote/server-url.ts";
import { systemTiming, type Timing } from "@litmus/core";
import { RetrieveClient, type RetrieveClientParts } from "./retrieve-client.ts";

export interface RetrieveClientOptions {
  /** Without `/retrieve`: for example `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Sent as a bearer token, over https or to this machine. */
  readonly token?: string;
  /** What a server searches that does not say so at `/health`, as Search-R1's do not. */
  readonly info?: IndexInfo;
  /** For a search with its retries, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Default 4 attempts, waits up to 100 ms, 200 ms, 400 ms. */
  readonly retry?: RetryOptions;
  readonly breaker?: CircuitBreakerOptions;
  readonly timing?: Timing;
}

const healthSchema = z.object({
  index: z.object({
    id: z.custom<Sha256>((value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value)),
    engine: z.string(),
    name: z.string(),
    documents: z.int(),
    k1: z.number(),
    b: z.number(),
    idSpace: z.enum(["pubmed", "own"]),
  }),
  limits: z.object({ topk: z.int().min(1) }).optional(),
});

const defaultRetry: RetryOptions = { attempts: 4, firstDelayMs: 100, maxDelayMs: 5_000 };

/**
 * Opens a server of `POST /retrieve`: Litmus's own, or one of the Search-R1 family.
 * @throws LitmusError `unavailable` when it does not answer, `incompatible` when it does not say what it searches,
 * `invalid-config` for a bad address or a token in the clear
 */
export async function openRetrieveClient(options: RetrieveClientOptions): Promise<Retriever> {
  const { token, timeoutMs = 30_000, retry = defaultRetry, timing = systemTiming } = options;
  const url = readServerUrl(options.url, { hasCredentials: token !== undefined });
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const searched = options.info === undefined ? await askHealth(url, headers, timeoutMs) : undescribed(options.info);
  return new RetrieveClient({
    url: new URL("retrieve", withSlash(url)),
    headers: { ...headers, "content-type": "application/json" },
    ...searched,
    timeoutMs,
    retry,
    timing,
    breaker: new CircuitBreaker(timing, options.breaker),
  });
}

type Searched = Pick<RetrieveClientParts, "info" | "serverTopK">;

/** A server that says nothing says no limit either. */
const undescribed = (info: IndexInfo): Searched => ({ info, serverTopK: Infinity });

async function askHealth(url: URL, headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<Searched> {
  const address = new URL("health", withSlash(url));
  let body: unknown;
  try {
    const response = await fetch(address, { headers, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    body = response.ok ? await response.json() : undefined;
  } catch (cause) {
    throw new LitmusError("unavailable", `the search server does not answer at ${address.href}`, {
      path: "url",
      hint: "Start it, or check the address.",
      retryable: true,
      cause,
    });
  }
  const { data } = healthSchema.safeParse(body);
  if (data !== undefined) return { info: data.index, serverTopK: data.limits?.topk ?? Infinity };
  throw new LitmusError("incompatible", `${address.href} does not say which index it searches`, {
    path: "url",
    hint: "Describe the index in the option info.",
  });
}

const withSlash = (url: URL): string => (url.href.endsWith("/") ? url.href : `${url.href}/`);
