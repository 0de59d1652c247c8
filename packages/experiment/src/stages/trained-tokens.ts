import { actionPositions, type Datum, type StoredTrajectory, type TrainedTokens } from "@litmus/core";
import { survivorsOf } from "./group-batch.ts";

/** A datum, and the log-probabilities of its positions under the trainer, in nats. */
export interface Measured {
  readonly datum: Datum;
  readonly logProbs: readonly number[];
}

interface Trained {
  /** All groups of the step. */
  readonly groups: readonly (readonly StoredTrajectory[])[];
  /** Of the members that took part in the update, by their ids. */
  readonly advantages: ReadonlyMap<string, number>;
  /** Before the first update; the later of two of one trajectory counts. */
  readonly measured: readonly Measured[];
  /** Steps of the stage that are done with this one. */
  readonly step: number;
}

/** What a step made of the trajectories that did not fail: advantage 0 where the update had no use for one. */
export function trainedTokensOf({ groups, advantages, measured, step }: Trained): TrainedTokens[] {
  const measuredOf = new Map(measured.map((each) => [each.datum.id, each]));
  return groups
    .flatMap((group) => survivorsOf(group) ?? [])
    .map(({ id, trajectory }) => {
      const positions = actionPositions(trajectory);
      const advantage = advantages.get(id) ?? 0;
      const found = measuredOf.get(id);
      return {
        trajectoryId: id,
        step,
        advantages: positions.map(() => advantage),
        trainerLogProbs: found === undefined ? null : logProbsAt(positions, found),
      };
    });
}

/** Retrieved tokens may have been trained on too; they have no place beside the sampler's log-probabilities. */
function logProbsAt(positions: readonly number[], { datum, logProbs }: Measured): number[] {
  const known = new Map(datum.positions.map((position, index) => [position, logProbs[index] ?? Number.NaN]));
  return positions.map((position) => known.get(position) ?? Number.NaN);
}
