import type { MetricInfo, RunColumn } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import type { Catalogue, CataloguedRun } from "../../reads/run-catalogue.ts";
import { storedScore } from "../leaderboard/stored-score.ts";
import { metricInfo } from "../run/metric-catalogue.ts";
import { differingPaths } from "./differing-paths.ts";
import { costColumns, factColumns } from "./fact-columns.ts";
import type { Cell, RunColumnSource } from "./run-column-source.ts";

/** Under it processes store what they used: no metric of learning. */
const resourceStage = "run";
const defaultMetrics: ReadonlySet<string> = new Set(["reward", "exactMatch"]);

const known = new WeakMap<Catalogue, readonly RunColumnSource[]>();

/** Every column there is: of configs those in which runs differ, of metrics and scores those that some run has. */
export function runColumns(catalogue: Catalogue): readonly RunColumnSource[] {
  const found = known.get(catalogue);
  if (found !== undefined) return found;
  const columns = [
    ...factColumns,
    ...splitsOf(catalogue).flatMap(scoreColumns),
    ...metricNames(catalogue).map(metricColumn),
    ...costColumns,
    ...differingPaths(catalogue).map((path) => configColumn(path, catalogue)),
  ];
  known.set(catalogue, columns);
  return columns;
}

/**
 * A column by its id, also of a config key in which no runs differ any more, or a metric that no run has yet.
 * @throws LitmusError `invalid-input` when it can be no column
 */
export function findColumn(catalogue: Catalogue, id: string, parameter: string): RunColumnSource {
  const found = runColumns(catalogue).find((column) => column.id === id);
  if (found !== undefined) return found;
  const [, group, name] = /^(config|metric|score)\.(.+)$/.exec(id) ?? [];
  if (name !== undefined && group === "config") return configColumn(name, catalogue);
  if (name !== undefined && group === "metric") return metricColumn(name);
  const score =
    name === undefined ? undefined : scoreColumns(name.replace(/\.sampled$/, "")).find((each) => each.id === id);
  if (score !== undefined) return score;
  throw new LitmusError("invalid-input", `${parameter}: there is no such column`, {
    path: parameter,
    hint: "a column is of the list's own, or config., metric. or score. with a name",
  });
}

function configColumn(path: string, catalogue: Catalogue): RunColumnSource {
  const cell = ({ values }: CataloguedRun): Cell => values.get(path) ?? null;
  const isNumber = catalogue.every((run) => typeof cell(run) !== "string");
  return {
    id: `config.${path}`,
    label: path,
    kind: isNumber ? "number" : "text",
    group: "config",
    hint: `${path} of the experiment file.`,
    isDefault: path === "seed",
    cell,
  };
}

const kindOfUnit = (unit: MetricInfo["unit"]): RunColumn["kind"] =>
  unit === "share" ? "percent" : unit === "tokens" ? "tokens" : unit === "seconds" ? "duration" : "number";

function metricColumn(name: string): RunColumnSource {
  const { label, unit, hint } = metricInfo(name);
  return {
    id: `metric.${name}`,
    label,
    kind: kindOfUnit(unit),
    group: "metric",
    hint: `${hint} At the last step that has it.`,
    isDefault: defaultMetrics.has(name),
    cell: ({ latest }) => finite(latest.get(name)?.value),
  };
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function metricNames(catalogue: Catalogue): string[] {
  const names = new Set<string>();
  for (const { latest } of catalogue)
    for (const [name, { stage }] of latest) if (stage !== resourceStage) names.add(name);
  return [...names].sort();
}

const splitsOf = (catalogue: Catalogue): string[] =>
  [...new Set(catalogue.flatMap(({ evaluations }) => evaluations.map(({ split }) => split)))].sort();

function scoreColumns(split: string): RunColumnSource[] {
  const last = ({ evaluations }: CataloguedRun) => {
    const record = evaluations.findLast((each) => each.split === split);
    return record === undefined ? null : storedScore(record);
  };
  return [
    {
      id: `score.${split}`,
      label: `Exact match, ${split}`,
      kind: "percent",
      group: "score",
      hint: `Greedy exact match at the last evaluation on the ${split} questions.`,
      isDefault: true,
      cell: (run) => last(run)?.exactMatch ?? null,
    },
    {
      id: `score.${split}.sampled`,
      label: `Exact match, ${split}, sampled`,
      kind: "percent",
      group: "score",
      hint: `Mean over samples at temperature 1, at the last evaluation on the ${split} questions.`,
      isDefault: false,
      cell: (run) => last(run)?.sampled?.exactMatch ?? null,
    },
  ];
}
