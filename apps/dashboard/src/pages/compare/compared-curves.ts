import { runNames, seedsPrefix } from "@litmus/api";
import type { Comparison } from "@litmus/api";
import type { RunLook } from "./run-labels.ts";

/** A line of the comparison: a run, or the mean over the seeds of its config. */
export interface ComparedCurve {
  /** What the server is asked for. */
  readonly source: string;
  /** The run that stands for it: hiding it hides the line, and its place gives the look. */
  readonly id: string;
  /** The runs that it is made of. */
  readonly runIds: readonly string[];
  readonly label: string;
  readonly slot: number;
}

/**
 * The lines in the order of the looks. Of runs that differ in the seed alone the first stands for all of them; a run without such
 * others stays as it is.
 */
export function comparedCurves(
  looks: readonly RunLook[],
  seeds: Comparison["seeds"],
  isOverSeeds: boolean,
): readonly ComparedCurve[] {
  if (!isOverSeeds) return looks.map(runCurve);
  const groups = new Map<string, RunLook>();
  for (const look of looks) {
    const key = JSON.stringify(groupOf(look, seeds));
    if (!groups.has(key)) groups.set(key, look);
  }
  const heads = [...groups.values()];
  const names = runNames(heads.map(({ run }) => run));
  return heads.map((look) => {
    const runIds = groupOf(look, seeds);
    if (runIds.length < 2) return runCurve(look);
    const { run, slot } = look;
    const label = `${names.get(run.id) ?? run.id}: mean of ${runIds.length} seeds`;
    return { source: `${seedsPrefix}${run.id}`, id: run.id, runIds, label, slot };
  });
}

const groupOf = ({ run }: RunLook, seeds: Comparison["seeds"]): readonly string[] => seeds[run.id] ?? [run.id];

const runCurve = ({ run, label, slot }: RunLook): ComparedCurve => ({
  source: run.id,
  id: run.id,
  runIds: [run.id],
  label,
  slot,
});
