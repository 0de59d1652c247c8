import { LitmusError } from "@litmus/core";
import type { Datum } from "@litmus/core";

/** Checks every datum before anything is sent. @throws LitmusError `invalid-input` naming the datum */
export function checkData(data: readonly Datum[]): void {
  for (const datum of data) checkDatum(datum);
}

function checkDatum(datum: Datum): void {
  const refuse = (what: string): LitmusError =>
    new LitmusError("invalid-input", `the trainer refuses datum "${datum.id}": ${what}`);
  const { positions, tokens } = datum;
  if (positions.length === 0) throw refuse("it has no policy tokens");
  const wrong = positions.find(
    (position, i) => !Number.isInteger(position) || position <= (positions[i - 1] ?? 0) || position >= tokens.length,
  );
  if (wrong !== undefined) throw refuse(`position ${wrong} is not ascending within [1, ${tokens.length})`);
  const foreign = tokens.find((token) => !Number.isInteger(token) || token < 0 || token > 0x7fffffff);
  if (foreign !== undefined) throw refuse(`token ${foreign} is not in the vocabulary`);
  for (const name of ["weights", "advantages", "behaviourLogProbs", "oldLogProbs", "referenceLogProbs"] as const) {
    const values = datum[name];
    if (values === null) continue;
    if (values.length !== positions.length) {
      throw refuse(`it has ${values.length} ${name} for ${positions.length} policy tokens`);
    }
    const broken = values.find((value) => !Number.isFinite(value));
    if (broken !== undefined) throw refuse(`one of its ${name} is ${broken}`);
  }
}
