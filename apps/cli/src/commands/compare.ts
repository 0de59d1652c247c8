import { LitmusError, runId } from "@litmus/core";
import { gain, measures, type EvaluationResult, type Gain, type StageEvaluation } from "@litmus/evaluation";
import { createReporter } from "../output/create-reporter.ts";
import { withStoredRuns, type StoredRuns } from "../wiring/with-stored-runs.ts";

interface CompareOptions {
  readonly dir: string;
  readonly store?: string | undefined;
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
  await withStoredRuns(options, async (store) => {
    const [before, after] = [await evaluationOf(store, from), await evaluationOf(store, to)];
    const named = { from: nameOf(from, before), to: nameOf(to, after) };
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
      { type: "comparison", ...named, comparisons },
      [`${named.from} → ${named.to}`, ...comparisons.map((each) => `${each.measure}: ${textOf(each)}`)].join("\n"),
    );
  });
}

/** `run`, `run:stage` or `run:stage:step`; the last evaluation that fits, of a run alone one that it made of a stage. */
async function evaluationOf(store: StoredRuns, name: string): Promise<StageEvaluation> {
  const [id = "", stage = "", step = ""] = name.split(":");
  const evaluations = await store.evaluations(runId(id));
  const fitting = evaluations.filter(
    (each) => (stage === "" || each.stage === stage) && (step === "" || each.step === Number(step)),
  );
  const ofStages = fitting.filter((each) => each.stage !== "base" && !each.stage.startsWith("eval-"));
  const found = (stage === "" ? ofStages : fitting).at(-1) ?? fitting.at(-1);
  if (found !== undefined) return { ...found, result: found.result as EvaluationResult };
  const known = evaluations.map((each) => `${id}:${each.stage}:${each.step}`);
  throw new LitmusError("not-found", `there is no evaluation ${name}`, {
    hint: known.length === 0 ? "litmus runs lists the runs" : `there are ${known.join(", ")}`,
  });
}

const nameOf = (name: string, { stage, step, split }: StageEvaluation): string =>
  `${name.split(":")[0] ?? ""}:${stage}:${step} (${split})`;

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
