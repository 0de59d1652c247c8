/** @file Results in JSON: only the fields used, the rest may be anything. */
import { LitmusError } from "@litmus/core";
import { z } from "zod";
import type { ModelPassResult, SampledSequence } from "./model-pass.ts";

const passResult = z.object({
  loss_fn_outputs: z.array(z.object({ logprobs: z.object({ data: z.array(z.number()) }) })),
});

const sampleResult = z.object({
  sequences: z.array(
    z.object({
      stop_reason: z.enum(["stop", "length"]),
      tokens: z.array(z.int().nonnegative()),
      logprobs: z.array(z.number()),
    }),
  ),
});

/**
 * Reads JSON through a schema. A number that is not finite has no form in JSON: Python writes NaN, which is refused here.
 * @throws LitmusError `invalid-data` naming the call
 */
export function readJson<T>(schema: z.ZodType<T>, bytes: Uint8Array, call: string): T {
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const hint = "NaN and infinity are no JSON: the server's weights may be broken; load an earlier state";
    throw new LitmusError("invalid-data", `the server's answer to ${call} is no JSON: ${text.slice(0, 200)}`, {
      cause,
      ...(/NaN|Infinity/.test(text) ? { hint } : {}),
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LitmusError(
    "invalid-data",
    `the server's answer to ${call} has another form: ${z.prettifyError(parsed.error)}`,
  );
}

/** @throws LitmusError `invalid-data` */
export function readJsonPass(bytes: Uint8Array): ModelPassResult {
  return { logProbs: readJson(passResult, bytes, "a model pass").loss_fn_outputs.map((one) => one.logprobs.data) };
}

/** @throws LitmusError `invalid-data` */
export function readJsonSample(bytes: Uint8Array): SampledSequence[] {
  return readJson(sampleResult, bytes, "asample").sequences.map((one) => ({
    stopReason: one.stop_reason,
    tokens: one.tokens,
    logProbs: one.logprobs,
  }));
}
