import { sha256, type Sha256 } from "@litmus/core";
import { gain, type Gain, type GainInput } from "@litmus/evaluation";

/** Gains kept: their bootstrap takes a second for thousands of questions. */
const kept = 200;
const known = new Map<Sha256, Gain>();

/** As `gain`, computed once for the same scores. @throws LitmusError `invalid-input` when the scorers differ */
export function pairedGain(input: GainInput): Gain {
  const { from, to, measure } = input;
  const scores = [from, to].map(({ stage, result }) => [stage, result.scorer, result.perQuestion]);
  const key = sha256(JSON.stringify([measure, scores]));
  const found = known.get(key) ?? gain(input);
  known.delete(key);
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > kept && oldest !== undefined) known.delete(oldest);
  return found;
}
