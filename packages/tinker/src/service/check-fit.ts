import { LitmusError } from "@litmus/core";
import type { WireDatum } from "../wire/model-pass.ts";

/** @throws LitmusError `invalid-data` unless there is one finite log-probability for every target that is read */
export function checkFit(data: readonly WireDatum[], logProbs: readonly (readonly number[])[]): void {
  const refuse = (what: string): LitmusError =>
    new LitmusError("invalid-data", `the server's log-probabilities: ${what}`);
  if (logProbs.length !== data.length) throw refuse(`${logProbs.length} lists for ${data.length} sequences`);
  data.forEach(({ targets, weights }, i) => {
    const own = logProbs[i] ?? [];
    if (own.length !== targets.length) throw refuse(`${own.length} for ${targets.length} tokens of sequence ${i}`);
    const broken = own.findIndex((value, token) => weights[token] !== 0 && !Number.isFinite(value));
    if (broken >= 0) throw refuse(`token ${broken} of sequence ${i} has ${own[broken]}`);
  });
}
