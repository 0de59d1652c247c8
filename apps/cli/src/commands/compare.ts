import { LitmusError, runId } from "@litmus/core";
import { gain, measures, type EvaluationResult, type Gain, type StageEvaluation } from "@litmus/evaluation";
import { createReporter } from "../output/create-reporter.ts";
import { withStoredRuns, type StoredRuns } from "../wiring/with-stored-runs.ts";

interface CompareOptions {
  readonly dir: string;
  readonly json: boolean;
}

interface Comparison extends Gain {
  /** Questions on which the second did better, and worse. */
  readonly won: number;
  readonly lost: number;
}

/** `litmus compare`: one evaluation against another, question by question, also across runs. */
export async function compare(from: string, to: string, options: CompareOptions): Promise<void> {
  const reporter = createReporter(options.json);
  await withStoredRuns(options.dir, async (store) => {
    const [before, after] = [await evaluationOf(store, from), await evaluationOf(store, to)];
    const comparisons = measures
      .map((measure): Comparison => ({
        ...gain({ from: before, to: after, measure }),
        ...countsOf(before, after, measure),
      }))
      .filter(({ n }) => n > 0);
    if (comparisons.length === 0)
      throw new LitmusError("invalid-input", `${from} and ${to} were not scored on a common question`, {
        hint: "litmus eval scores a version on a split",
      });
    reporter.result(
      { type: "comparison", from, to, comparisons },
      comparisons.map((each) => `${each.measure}: ${textOf(each)}`).join("\n"),
    );
  });
}

/** `run`, `run:stage` or `run:stage:step`; the last evaluation that fits. */
async function evaluationOf(store: StoredRuns, name: string): Promise<StageEvaluation> {
  const [id = "", stage, step] = name.split(":");
  const evaluations = await store.evaluations(runId(id));
  const found = evaluations.findLast(
    (each) => (stage === undefined || each.stage === stage) && (step === undefined || each.step === Number(step)),
  );
  if (found !== undefined) return { ...found, result: found.result as EvaluationResult };
  const known = evaluations.map((each) => `${id}:${each.stage}:${each.step}`);
  throw new LitmusError("not-found", `there is no evaluation ${name}`, {
    hint: known.length === 0 ? "litmus runs lists the runs" : `there are ${known.join(", ")}`,
  });
}

function countsOf(from: StageEvaluation, to: StageEvaluation, measure: Gain["measure"]): { won: number; lost: number } {
  const before = new Map(from.result.perQuestion.map((each) => [each.problemId, each[measure]]));
  const differences = to.result.perQuestion.map((each) => {
    const [earlier, later] = [before.get(each.problemId) ?? null, each[measure]];
    return earlier === null || later === null ? 0 : later - earlier;
  });
  return { won: differences.filter((each) => each > 0).length, lost: differences.filter((each) => each < 0).length };
}

const points = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)}`;

function textOf({ n, difference, ci95, won, lost }: Comparison): string {
  const interval = ci95 === null ? "" : ` (${points(ci95.low)} to ${points(ci95.high)})`;
  return `${points(difference ?? 0)} points${interval} over ${n} questions; ${won} better, ${lost} worse`;
}
