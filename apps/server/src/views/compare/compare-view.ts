import { runNames } from "@litmus/api";
import type { CompareQuery, Comparison, PairedQuestion } from "@litmus/api";
import type { RunId, RunRecord } from "@litmus/core";
import { verdictOf } from "@litmus/evaluation";
import { allRuns, knownRun } from "../known-run.ts";
import { pairedGain } from "../paired-gain.ts";
import { configTable } from "../../config/config-leaves.ts";
import { metricInfos } from "../run/metric-catalogue.ts";
import { seedsOf } from "../run/related-runs.ts";
import { runMetrics } from "../run/run-metrics.ts";
import { drawnRows } from "../run/run-rows.ts";
import { runHead } from "../run-head.ts";
import type { StoreReads } from "../store-reads.ts";
import { evaluationChoices, evaluationSide, type EvaluationChoice } from "./evaluation-side.ts";
import { holds, pairedQuestions, unpairable } from "./paired-questions.ts";

/**
 * Runs beside each other, and two of their evaluations question by question.
 * @throws LitmusError `not-found` when a run is not there
 */
export async function compareView(reads: StoreReads, query: CompareQuery): Promise<Comparison> {
  const named = [query.from, query.to].flatMap((id) => (id === undefined ? [] : [id.split(":")[0] ?? ""]));
  const ids = [...new Set([...query.runs, ...named])] as RunId[];
  const runs = await Promise.all(ids.map((id) => knownRun(reads, id)));
  const heads = runs.map(runHead);
  const names = runNames(heads);
  const choices = (
    await Promise.all(runs.map((run) => evaluationChoices(reads, run, names.get(run.id) ?? run.id)))
  ).flat();
  const pairing = await pair(reads, choices, query);
  return {
    runs: heads,
    seeds: await seedIds(reads, runs),
    differences: configTable(runs.map(({ config }) => config)).filter(({ values }) => new Set(values).size > 1),
    choices: choices.map(({ run: _run, evaluation: _evaluation, ...choice }) => choice),
    metrics: await metricsOf(reads, runs),
    paired: typeof pairing === "string" ? null : pairing,
    unpaired: typeof pairing === "string" ? pairing : null,
  };
}

async function seedIds(reads: StoreReads, runs: readonly RunRecord[]): Promise<Comparison["seeds"]> {
  const all = await allRuns(reads);
  return Object.fromEntries(runs.map((run) => [run.id, seedsOf(run, all).map(({ id }) => id)]));
}

async function metricsOf(reads: StoreReads, runs: readonly RunRecord[]): Promise<Comparison["metrics"]> {
  const rows = await Promise.all(runs.map((run) => drawnRows(reads, run)));
  return metricInfos(rows.flatMap((each) => runMetrics(each).map(({ name }) => name)));
}

type Paired = NonNullable<Comparison["paired"]>;

/** The pair, why there is none, or null while a side is not chosen. */
async function pair(
  reads: StoreReads,
  choices: readonly EvaluationChoice[],
  query: CompareQuery,
): Promise<Paired | string | null> {
  if (query.from === undefined || query.to === undefined) return null;
  const find = (wanted: string): EvaluationChoice | undefined => choices.findLast(({ id }) => id === wanted);
  const [from, to] = [find(query.from), find(query.to)];
  if (from === undefined || to === undefined)
    return `There is no evaluation ${from === undefined ? query.from : query.to}.`;
  const scorers = [from, to].map(({ evaluation }) => evaluation.result.scorer);
  if (!scorers.includes(null) && scorers[0] !== scorers[1])
    return `They were scored by different rules, ${scorers.join(" and ")}: such scores are not compared.`;
  const sides = [
    await evaluationSide(reads, from, query.measure),
    await evaluationSide(reads, to, query.measure),
  ] as const;
  return unpairable(...sides) ?? paired({ from, to }, pairedQuestions(...sides), query);
}

function paired(
  { from, to }: { from: EvaluationChoice; to: EvaluationChoice },
  questions: readonly PairedQuestion[],
  { measure, outcome, search, offset, limit }: CompareQuery,
): Paired {
  const { n, difference, ci95, isGain } = pairedGain({ from: from.evaluation, to: to.evaluation, measure });
  const count = (wanted: PairedQuestion["outcome"]): number => questions.filter((one) => one.outcome === wanted).length;
  const shown = questions.filter((one) => one.outcome === (outcome ?? one.outcome) && holds(one, search));
  const named = from.runId === to.runId ? { from: from.stage, to: to.stage } : { from: from.label, to: to.label };
  return {
    from: from.id,
    to: to.id,
    n,
    difference,
    ci95,
    isGain,
    sentence: verdictOf({ ...named, measure, n, difference, ci95, isGain }).sentence,
    wins: count("win"),
    losses: count("loss"),
    ties: count("tie"),
    unscored: count("unscored"),
    questions: shown.slice(offset, offset + limit),
    total: shown.length,
    offset,
    limit,
  };
}
