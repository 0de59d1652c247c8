import type { RunRecord } from "@litmus/core";
import { experimentSchema, nameStages, type ExperimentConfig } from "@litmus/experiment";
import { z } from "zod";

/** A stage where it stands in its run. */
export interface RunStage {
  readonly name: string;
  readonly type: string;
  readonly steps: number;
  /** Number of its first step in the run, from 1. */
  readonly firstStep: number;
}

/** What the views need of a run's config. */
export interface RunShape {
  /** Null where it is not of this version's form. */
  readonly config: ExperimentConfig | null;
  readonly seed: number | null;
  readonly idSpace: "pubmed" | "own";
  readonly stages: readonly RunStage[];
}

/** Also of configs that other versions wrote, and of runs without one. */
const looseConfig = z
  .object({
    seed: z.number().nullable().catch(null),
    corpus: z.object({ idSpace: z.enum(["pubmed", "own"]).catch("own") }).catch({ idSpace: "own" }),
    stages: z.array(z.object({ type: z.string(), steps: z.int().min(1).catch(1) })).catch([]),
  })
  .catch({ seed: null, corpus: { idSpace: "own" }, stages: [] });

const shapes = new WeakMap<RunRecord, RunShape>();

/** A run's config as the views read it. */
export function runShape(run: RunRecord): RunShape {
  const known = shapes.get(run);
  if (known !== undefined) return known;
  const { seed, corpus, stages } = looseConfig.parse(run.config);
  const shape: RunShape = {
    config: experimentSchema.safeParse(run.config).data ?? null,
    seed,
    idSpace: corpus.idSpace,
    stages: placeStages(stages),
  };
  shapes.set(run, shape);
  return shape;
}

function placeStages(stages: readonly { type: string; steps: number }[]): RunStage[] {
  let firstStep = 1;
  return nameStages(stages).map(({ name, config: { type, steps } }) => {
    const placed = { name, type, steps, firstStep };
    firstStep += steps;
    return placed;
  });
}

/** Where a step of a stage stands in its run, from 1; the base is 0, and null what belongs to no stage. */
export function runStepOf({ stages }: Pick<RunShape, "stages">, stage: string, step: number): number | null {
  if (stage === "base") return 0;
  const found = stages.find(({ name }) => name === stage);
  return found === undefined ? null : found.firstStep + step - 1;
}

/** Orders by the stages of a run: the base, its stages, then what was evaluated later, by name. */
export function stageOrder({ stages }: Pick<RunShape, "stages">): (stage: string) => number {
  const order = new Map(["base", ...stages.map(({ name }) => name)].map((name, index) => [name, index]));
  return (stage) => order.get(stage) ?? order.size;
}

/** Whether a stage learns from sampled episodes. */
export const isSampling = ({ type }: Pick<RunStage, "type">): boolean => type !== "sft" && type !== "import";
