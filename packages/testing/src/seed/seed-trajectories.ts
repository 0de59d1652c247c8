import {
  deriveSeed,
  policyVersion,
  createRng,
  sha256,
  trajectoryId,
  type Failure,
  type RolloutKey,
  type Sha256,
  type StoredTrajectory,
} from "@litmus/core";
import { buildEpisode } from "./build-episode.ts";
import { draftTurns } from "./draft-turns.ts";
import { indexSha256, modelSha256, promptSha256, trainedPrompt, type SeedPlan } from "./seed-plan.ts";
import type { SeedData, SeedProblem } from "./seed-problems.ts";
import type { SeedTools } from "./seed-tools.ts";

/** What all trajectories of a seeded run have in common. */
export interface SeedRun {
  readonly plan: SeedPlan;
  readonly tools: SeedTools;
  readonly data: SeedData;
}

interface Episode {
  readonly key: RolloutKey;
  readonly asked: SeedProblem;
  readonly skill: number;
  readonly version: number;
}

const scorerError: Failure = {
  boundary: "reward",
  code: "scorer-error",
  message: "the scorer could not read the record: its last action lost its text",
  retryable: false,
};

/** The trajectory of a key: the same one each time. */
export function seedTrajectory({ plan, tools, data }: SeedRun, episode: Episode): StoredTrajectory {
  const { key, asked, skill, version } = episode;
  const { stage, step, purpose, group, member } = key;
  const seed = deriveSeed(plan.seed, stage, step, purpose, group, member);
  const rng = createRng(seed);
  const draft = draftTurns({ asked, skill, failureShare: plan.failureShare, records: data.records, rng });
  const prompt = version === 0 ? plan.basePrompt : trainedPrompt;
  const trajectory = buildEpisode({
    ...draft,
    question: asked.problem.question,
    prompt: { name: prompt, sha256: promptSha256(prompt) },
    policy: {
      engine: "llama.cpp",
      modelSha256,
      version: policyVersion(version),
      adapterSha256: version === 0 ? null : adapterSha256(plan, version),
    },
    indexId: indexSha256(plan.idSpace),
    temperature: purpose === "evaluation" ? 0 : 1,
    seed,
    startedAt: new Date(Date.parse(plan.startedAt) + (step * 20 + group) * 1000).toISOString(),
    rng,
  });
  const isUnscored = plan.failureShare > 0 && rng.uniform() < plan.failureShare / 4;
  const scored = isUnscored ? null : tools.verify(trajectory, asked.problem);
  return {
    id: trajectoryId(key),
    key,
    problemId: asked.problem.id,
    trajectory,
    reward: scored?.ok === true ? scored.value : null,
    rewardFailure: scoringFailure(trajectory.outcome.type === "failed", scored),
  };
}

function scoringFailure(isFailedEpisode: boolean, scored: ReturnType<SeedTools["verify"]> | null): Failure | null {
  if (isFailedEpisode || scored?.ok === true) return null;
  return scored === null ? scorerError : scored.failure;
}

export function adapterSha256({ id }: SeedPlan, version: number): Sha256 {
  return sha256(`adapter ${version} of ${id}`);
}
