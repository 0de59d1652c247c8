import { LitmusError } from "@litmus/core";
import type { Datum } from "@litmus/core";

/** What bounds a datum; null where the trainer has no bound. */
export interface DataLimits {
  readonly vocabularySize: number | null;
  /** Tokens up to and without the last policy token. */
  readonly maxTokens: number | null;
}

/** Checks every datum before anything is computed. @throws LitmusError `invalid-input` naming the datum */
export function checkData(data: readonly Datum[], limits: DataLimits): void {
  for (const datum of data) checkDatum(datum, limits);
}

function checkDatum(datum: Datum, limits: DataLimits): void {
  const count = datum.positions.length;
  if (count === 0) throw refuse(datum, "it has no policy tokens");
  checkPositions(datum);
  checkTokens(datum, limits);
  const columns = {
    weights: datum.weights,
    advantages: datum.advantages,
    behaviourLogProbs: datum.behaviourLogProbs,
    oldLogProbs: datum.oldLogProbs,
    referenceLogProbs: datum.referenceLogProbs,
  };
  for (const [name, values] of Object.entries(columns)) {
    if (values === null) continue;
    if (values.length !== count) throw refuse(datum, `it has ${values.length} ${name} for ${count} policy tokens`);
    const broken = values.find((value) => !Number.isFinite(value));
    if (broken !== undefined) throw refuse(datum, `one of its ${name} is ${broken}`);
  }
}

function checkPositions(datum: Datum): void {
  let before = 0;
  for (const position of datum.positions) {
    if (!Number.isInteger(position) || position <= before || position >= datum.tokens.length) {
      throw refuse(datum, `position ${position} is not ascending within [1, ${datum.tokens.length})`);
    }
    before = position;
  }
}

function checkTokens(datum: Datum, limits: DataLimits): void {
  const bound = limits.vocabularySize ?? Number.MAX_SAFE_INTEGER;
  const foreign = datum.tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= bound);
  if (foreign !== undefined) throw refuse(datum, `token ${foreign} is not in the vocabulary`);
  const needed = datum.positions.at(-1) ?? 0;
  if (limits.maxTokens !== null && needed > limits.maxTokens) {
    throw refuse(datum, `its ${needed} tokens do not fit the longest row of ${limits.maxTokens}`, {
      hint: "raise the trainer's lengths, or lower the token budget of an episode",
    });
  }
}

function refuse(datum: Datum, what: string, details: { hint?: string } = {}): LitmusError {
  return new LitmusError("invalid-input", `the trainer refuses datum "${datum.id}": ${what}`, details);
}
