import type { RunColumn } from "@litmus/api";
import type { RolloutTotals } from "@litmus/core";
import type { CataloguedRun } from "../../reads/run-catalogue.ts";
import { policyFacts } from "../leaderboard/policy-facts.ts";
import type { RunColumnSource } from "./run-column-source.ts";

type Details = Pick<RunColumn, "label" | "kind" | "hint"> & Pick<RunColumnSource, "cell">;

const fact = (id: string, isDefault: boolean, details: Details): RunColumnSource => ({
  ...details,
  id,
  group: "run",
  isDefault,
});

/** What a run is. */
export const factColumns: readonly RunColumnSource[] = [
  fact("name", true, { label: "Name", kind: "text", hint: "Of the experiment.", cell: ({ run }) => run.name }),
  fact("id", false, { label: "Run id", kind: "text", hint: "The run's own id.", cell: ({ run }) => run.id }),
  fact("status", true, {
    label: "Status",
    kind: "status",
    hint: "Of a group the first of: running, interrupted, failed, finished.",
    cell: ({ run }) => run.status,
  }),
  fact("createdAt", true, { label: "Begun", kind: "time", hint: "When it began.", cell: ({ run }) => run.createdAt }),
  fact("finishedAt", false, {
    label: "Ended",
    kind: "time",
    hint: "When it finished.",
    cell: ({ run }) => run.finishedAt,
  }),
  fact("model", false, {
    label: "Model",
    kind: "text",
    hint: "The base model.",
    cell: ({ run }) => policyFacts(run).model || null,
  }),
  fact("engine", false, {
    label: "Sampler",
    kind: "text",
    hint: "The engine that sampled.",
    cell: ({ run }) => policyFacts(run).engine || null,
  }),
];

const cost = (id: string, isDefault: boolean, details: Details): RunColumnSource => ({
  ...details,
  id: `cost.${id}`,
  group: "cost",
  isDefault,
});

const total = (name: "trajectories" | "failed" | "sampledTokens" | "searches") => {
  const sum = (totals: readonly RolloutTotals[]): number => totals.reduce((all, each) => all + each[name], 0);
  return ({ totals }: CataloguedRun): number | null => {
    const all = sum(totals);
    return Number.isFinite(all) ? all : null;
  };
};

/** What a run took. */
export const costColumns: readonly RunColumnSource[] = [
  cost("seconds", true, {
    label: "Duration",
    kind: "duration",
    hint: "Wall clock from its beginning to its end, of a run that finished.",
    cell: ({ run }) =>
      run.finishedAt === null ? null : (Date.parse(run.finishedAt) - Date.parse(run.createdAt)) / 1000,
  }),
  cost("trajectories", false, {
    label: "Trajectories",
    kind: "count",
    hint: "Of training and evaluation, failed ones included.",
    cell: total("trajectories"),
  }),
  cost("failed", true, {
    label: "Failed",
    kind: "count",
    hint: "Trajectories whose episode or scoring failed: never scored.",
    cell: total("failed"),
  }),
  cost("sampledTokens", true, {
    label: "Sampled tokens",
    kind: "tokens",
    hint: "That the policy wrote, in training and evaluation.",
    cell: total("sampledTokens"),
  }),
  cost("searches", false, {
    label: "Searches",
    kind: "count",
    hint: "In training and evaluation.",
    cell: total("searches"),
  }),
];
