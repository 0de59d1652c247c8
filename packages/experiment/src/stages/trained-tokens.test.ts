import type { StoredTrajectory, TrainedTokens, Trainer } from "@litmus/core";
import { buildStoredTrajectory } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScriptedPolicy } from "../../../policy/src/index.ts";
import { createScriptedTrainer } from "../../../trainer/src/index.ts";
import { runExperiment } from "../run/run-experiment.ts";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { toDatum } from "./group-batch.ts";
import { trainedTokensOf } from "./trained-tokens.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

interface Learned extends StoredTrajectory {
  readonly trained: TrainedTokens | null;
}

/** The trajectories of a run's reinforcement, by group. */
async function learnedGroups({ store, runId }: TinyContext): Promise<Learned[][]> {
  const entries = await store.trajectories({ runId, purpose: "train", stage: "grpo" });
  const learned = await Promise.all(
    entries.map(async (entry) => ({ ...entry, trained: await store.trained(entry.id) })),
  );
  return [...Map.groupBy(learned, ({ key }) => `${key.step}-${key.group}`).values()];
}

/** A trainer that moves away from the sampler with each update, until its state is saved. */
function drifting(): Trainer {
  const trainer = createScriptedTrainer({});
  let updates = 0;
  const drift = (logProbs: readonly (readonly number[])[]): number[][] =>
    logProbs.map((one) => one.map((logProb) => logProb - updates));
  const { forward, forwardBackward, optimizerStep, save } = {
    forward: trainer.forward.bind(trainer),
    forwardBackward: trainer.forwardBackward.bind(trainer),
    optimizerStep: trainer.optimizerStep.bind(trainer),
    save: trainer.save.bind(trainer),
  };
  trainer.forward = async (data, adapter) => drift(await forward(data, adapter));
  trainer.forwardBackward = async (data, loss) => {
    const result = await forwardBackward(data, loss);
    return { ...result, logProbs: drift(result.logProbs) };
  };
  trainer.optimizerStep = async (settings) => {
    updates += 1;
    return optimizerStep(settings);
  };
  trainer.save = async (request) => {
    updates = 0;
    return save(request);
  };
  return trainer;
}

describe("what a step made of its trajectories", () => {
  it("is stored with it: centred advantages, one a sampled token, and the trainer's log-probabilities", async () => {
    const config = tinyConfig(["stages.1.advantage=group-centred", "evaluation.sampled=null"]);
    const context = await world.context({ config });
    await runExperiment(context);
    const groups = await learnedGroups(context);
    expect(groups.map((group) => group.length)).toEqual([4, 4, 4, 4]);
    let compared = 0;
    for (const group of groups) {
      const mean = group.reduce((sum, { reward }) => sum + (reward?.total ?? 0), 0) / group.length;
      for (const { key, trajectory, reward, trained } of group) {
        expect(trained?.step).toBe(key.step);
        expect(trained?.advantages).toHaveLength(trajectory.logProbs.length);
        for (const advantage of trained?.advantages ?? [])
          expect(advantage).toBeCloseTo((reward?.total ?? 0) - mean, 12);
        const known = trained?.trainerLogProbs ?? null;
        if (known === null) continue;
        compared += 1;
        expect(known).toEqual(trajectory.logProbs);
      }
      expect(group.reduce((sum, { trained }) => sum + (trained?.advantages[0] ?? NaN), 0)).toBeCloseTo(0, 12);
    }
    expect(compared).toBeGreaterThan(0);
  });

  it("holds the log-probabilities before the first of several updates", async () => {
    const config = tinyConfig(["stages.1.updatesPerStep=2", "stages.1.entropyBonus=0.01", "evaluation.sampled=null"]);
    const context = await world.context({ config, trainer: async () => drifting() });
    await runExperiment(context);
    const learned = (await learnedGroups(context)).flat();
    expect(learned).toHaveLength(16);
    for (const { trajectory, trained } of learned) expect(trained?.trainerLogProbs).toEqual(trajectory.logProbs);
  });

  it("is an advantage of 0 where no group varies, with what the comparison of trainer and sampler measured", async () => {
    const script = ({ turn }: { turn: number }): string =>
      turn === 0 ? "<search>gene</search>" : "<answer>nothing</answer>";
    const context = await world.context({ policy: createScriptedPolicy({ contextTokens: 1024, script }) });
    await runExperiment(context);
    const learned = (await learnedGroups(context)).flat();
    for (const { trajectory, trained } of learned)
      expect(trained?.advantages).toEqual(trajectory.logProbs.map(() => 0));
    const known = learned.filter(({ trained }) => trained?.trainerLogProbs !== null);
    expect(known.map(({ key }) => [key.step, key.group, key.member])).toEqual(
      [1, 2].flatMap((step) => [0, 1, 2, 3].map((member) => [step, 0, member])),
    );
  });

  it("leaves out tokens that the policy did not sample, and trajectories that failed", () => {
    const entries = [0, 1, 2].map((member) => buildStoredTrajectory({ key: { member } }));
    const failed = { ...buildStoredTrajectory({ key: { member: 3 } }), reward: null };
    const datum = toDatum(entries[0]!, { withObservations: true });
    const measured = [{ datum, logProbs: datum.positions.map((position) => -position) }];
    const advantages = new Map([[entries[0]!.id as string, 0.5]]);
    const made = trainedTokensOf({ groups: [[...entries, failed]], advantages, measured, step: 7 });
    expect(made.map(({ trajectoryId }) => trajectoryId)).toEqual(entries.map(({ id }) => id));
    // Neither the prompt, tokens 0 to 2, nor the observation, 6 to 8.
    expect(made[0]).toEqual({
      trajectoryId: entries[0]!.id,
      step: 7,
      advantages: Array.from({ length: 6 }, () => 0.5),
      trainerLogProbs: [-3, -4, -5, -9, -10, -11],
    });
    expect(made[1]).toMatchObject({ advantages: [0, 0, 0, 0, 0, 0], trainerLogProbs: null });
  });
});
