import type { RunHead } from "@litmus/api";
import type { RunRecord } from "@litmus/core";
import { runShape } from "./run-shape.ts";

/** What names a run wherever it is shown. */
export function runHead(run: RunRecord): RunHead {
  const { id, name, status, configHash, createdAt, finishedAt } = run;
  return { id, name, status, seed: runShape(run).seed, configHash, createdAt, finishedAt };
}
