import type { Outcome, Problem, Reward, StoredTrajectory, Trajectory, TrajectoryStore } from "@litmus/core";

/** What a seeded store needs of packages that this one may not import: rewards and scores are then those of real runs. */
export interface SeedTools {
  /** An experiment file with its defaults. */
  readonly resolveConfig: (file: Readonly<Record<string, unknown>>) => unknown;
  readonly verify: (trajectory: Trajectory, problem: Problem) => Outcome<Reward>;
  readonly summarize: (input: EvaluationInput) => unknown;
  /** Version of the verifier's rules. */
  readonly scorer: string;
}

/** As `summarizeEvaluation` of `@litmus/evaluation` takes it. */
export interface EvaluationInput {
  readonly problems: readonly Problem[];
  readonly greedy: readonly StoredTrajectory[];
  readonly sampled: readonly StoredTrajectory[] | null;
  readonly k: number;
}

export interface Seeding {
  readonly store: TrajectoryStore;
  readonly tools: SeedTools;
}
