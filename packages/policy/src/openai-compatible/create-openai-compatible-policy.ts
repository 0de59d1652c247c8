import { setTimeout as pause } from "node:timers/promises";
import { LitmusError, systemClock } from "@litmus/core";
import { createDialect } from "./create-dialect.ts";
import type { EngineHost } from "./engine-host.ts";
import { EngineHttp } from "./engine-http.ts";
import { resolveOpenAiCompatibleOptions } from "./openai-compatible-options.ts";
import type {
  OpenAiCompatibleOptions,
  OpenAiCompatibleParts,
  ResolvedOpenAiCompatibleOptions,
} from "./openai-compatible-options.ts";
import { probeEngine } from "./probe-engine.ts";
import { ServedPolicy } from "./served-policy.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";

/**
 * A model served by vLLM, SGLang or llama-server: ids in, ids and log-probabilities out, every answer checked.
 * @throws LitmusError `invalid-config` for options or key; `unavailable` when the engine cannot be reached;
 * `incompatible` when it gives no ids or no log-probabilities, or tokenises otherwise: nothing could be trained on it
 */
export async function createOpenAiCompatiblePolicy(
  options: OpenAiCompatibleOptions,
  parts: OpenAiCompatibleParts,
): Promise<OpenAiCompatiblePolicy> {
  return openServedPolicy(options, parts, null);
}

/** As {@link createOpenAiCompatiblePolicy}. @param host runs the engine, and is closed with the policy */
export async function openServedPolicy(
  options: OpenAiCompatibleOptions,
  parts: OpenAiCompatibleParts,
  host: EngineHost | null,
): Promise<OpenAiCompatiblePolicy> {
  const resolved = resolveOpenAiCompatibleOptions(options);
  const closing = new AbortController();
  const engine = createDialect(resolved, httpOf(resolved, parts, closing.signal), host);
  const capabilities = await probeEngine(engine, parts.tokenizer);
  const contextTokens = contextOf(resolved.contextTokens, capabilities.contextTokens);
  const { tokenizer, clock = systemClock } = parts;
  return new ServedPolicy({ options: resolved, engine, capabilities, contextTokens, closing, tokenizer, clock, host });
}

const longestDelayMs = 30_000;

function httpOf(
  options: ResolvedOpenAiCompatibleOptions,
  parts: OpenAiCompatibleParts,
  closing: AbortSignal,
): EngineHttp {
  const { baseUrl, requestTimeoutMs, maxRetries, firstRetryDelayMs: firstDelayMs } = options;
  const { apiKey = null, sleep = sleepUnlessAborted, random = Math.random } = parts;
  return new EngineHttp({
    baseUrl,
    apiKey: apiKey === "" ? null : apiKey,
    requestTimeoutMs,
    closing,
    retry: { maxRetries, firstDelayMs, longestDelayMs, random, sleep },
  });
}

async function sleepUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  // An abort is the one thing that this timer can reject with, and whoever waits looks at the signal.
  await pause(milliseconds, undefined, { signal }).catch(() => {});
}

function contextOf(wanted: number | undefined, offered: number): number {
  if (wanted === undefined || wanted <= offered) return wanted ?? offered;
  throw new LitmusError("incompatible", `the engine holds ${offered} tokens, not the ${wanted} that are asked for`, {
    path: "contextTokens",
    hint: "lower contextTokens, or start the engine with a longer context",
  });
}
