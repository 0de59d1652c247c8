import type { RunRow, RunsQuery } from "@litmus/api";
import { runStatuses, type RunStatus } from "@litmus/core";
import type { CataloguedRun } from "../../reads/run-catalogue.ts";
import { policyFacts } from "../leaderboard/policy-facts.ts";
import { seedGroup } from "../run/related-runs.ts";
import type { Cell, RunColumnSource } from "./run-column-source.ts";

/** A row's runs: one, or those of one config but for the seed, newest first. */
export type RunGroup = readonly [CataloguedRun, ...CataloguedRun[]];

/** @param runs newest first */
export function groupRuns(runs: readonly CataloguedRun[], group: RunsQuery["group"]): RunGroup[] {
  if (group === "none") return runs.map((run): RunGroup => [run]);
  return [...Map.groupBy(runs, ({ run }) => seedGroup(run)).values()].map((members) => members as [...RunGroup]);
}

/** What a column shows of a row: of several runs the mean of what was measured, and of all else what is the same of all. */
export const cellOf = (group: RunGroup, column: RunColumnSource): Cell => valueOf(group, column).cell;

interface Value {
  readonly cell: Cell;
  /** Runs that a mean is over; null of what is no mean. */
  readonly n: number | null;
}

function valueOf(group: RunGroup, column: RunColumnSource): Value {
  if (column.id === "status") return { cell: statusOf(group), n: null };
  if (group.length === 1) return { cell: column.cell(group[0]), n: null };
  const cells = group.map((run) => column.cell(run));
  const [first = null] = cells;
  const numbers = column.group === "config" ? [] : cells.filter((cell) => typeof cell === "number");
  if (numbers.length > 0)
    return { cell: numbers.reduce((sum, cell) => sum + cell, 0) / numbers.length, n: numbers.length };
  return { cell: column.kind === "time" || cells.every((cell) => cell === first) ? first : null, n: null };
}

/** A group runs while one of its runs does; else the first that asks for attention. */
function statusOf(group: RunGroup): RunStatus {
  return runStatuses.find((status) => group.some(({ run }) => run.status === status)) ?? "finished";
}

export function rowOf(group: RunGroup, columns: readonly RunColumnSource[]): RunRow {
  const [{ run }] = group;
  const cells: Record<string, Cell> = {};
  const counts: Record<string, number> = {};
  for (const column of columns) {
    const { cell, n } = valueOf(group, column);
    cells[column.id] = cell;
    if (n !== null) counts[column.id] = n;
  }
  return {
    id: run.id,
    name: run.name,
    status: statusOf(group),
    members: group.map((member) => ({
      id: member.run.id,
      seed: policyFacts(member.run).seed,
      status: member.run.status,
    })),
    cells,
    n: counts,
  };
}
