import type { RunColumn, RunList, RunsQuery } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import type { Catalogue, CataloguedRun } from "../../reads/run-catalogue.ts";
import { policyFacts } from "../leaderboard/policy-facts.ts";
import type { LiveReads } from "../store-reads.ts";
import type { Cell, RunColumnSource } from "./run-column-source.ts";
import { experimentsOf } from "./experiments.ts";
import { findColumn, runColumns } from "./run-columns.ts";
import { cellOf, groupRuns, rowOf, type RunGroup } from "./run-rows.ts";

/**
 * Runs as rows. Which columns there are depends on all runs, whatever the filters leave, and so does who belongs to a group: one
 * is shown whole where any of its members is left.
 * @throws LitmusError `invalid-input` when a column cannot be, `not-found` when the baseline is no run
 */
export async function runsView(reads: LiveReads, query: RunsQuery): Promise<RunList> {
  const catalogue = experimentsOf(await reads.catalogue());
  const columns = runColumns(catalogue);
  const shown =
    query.columns?.map((id) => findColumn(catalogue, id, "columns")) ?? columns.filter(({ isDefault }) => isDefault);
  const searched = catalogue.filter(matching(query.search));
  const left = new Set(searched.filter(chosen(query)));
  const groups = groupRuns(catalogue, query.group).filter((group) => group.some((run) => left.has(run)));
  const sorted = sortGroups(groups, findColumn(catalogue, query.sort, "sort"), query.order);
  const page = { offset: query.offset, limit: query.limit };
  return {
    columns: columns.map(describeColumn),
    rows: sorted.slice(page.offset, page.offset + page.limit).map((group) => rowOf(group, shown)),
    baseline: baselineOf(catalogue, query, shown),
    facets: {
      status: countBy(searched, ({ run }) => run.status),
      name: countBy(searched, ({ run }) => run.name),
    },
    total: groups.length,
    ...page,
  };
}

function describeColumn({ id, label, kind, group, hint, isDefault }: RunColumnSource): RunColumn {
  return { id, label, kind, group, hint, isDefault };
}

/** Every word stands in the run's id, name, model or config. */
function matching(search: string): (run: CataloguedRun) => boolean {
  const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return () => true;
  return ({ run, values }) => {
    const text = [run.id, run.name, policyFacts(run).model, ...values.values()].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function chosen({ status, name }: RunsQuery): (run: CataloguedRun) => boolean {
  return ({ run }) =>
    (status === undefined || status.includes(run.status)) && (name === undefined || name.includes(run.name));
}

/** What has no value comes last either way; equals keep their order, newest first. */
function sortGroups(groups: readonly RunGroup[], column: RunColumnSource, order: RunsQuery["order"]): RunGroup[] {
  const sign = order === "ascending" ? 1 : -1;
  return groups
    .map((group) => ({ group, cell: cellOf(group, column) }))
    .sort((a, b) => compareCells(a.cell, b.cell, sign))
    .map(({ group }) => group);
}

/** Numbers before texts: a column can hold both. */
function compareCells(a: Cell, b: Cell, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === typeof b) return a < b ? -sign : sign;
  return typeof a === "number" ? -sign : sign;
}

function baselineOf(catalogue: Catalogue, query: RunsQuery, columns: readonly RunColumnSource[]): RunList["baseline"] {
  if (query.baseline === undefined) return null;
  const group = groupRuns(catalogue, query.group).find((each) => each.some(({ run }) => run.id === query.baseline));
  if (group !== undefined) return rowOf(group, columns);
  throw new LitmusError("not-found", "the baseline is no run", { path: "baseline", hint: "choose another, or none" });
}

function countBy(runs: readonly CataloguedRun[], keyOf: (run: CataloguedRun) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(runs, keyOf)].map(([key, all]) => [key, all.length]));
}
