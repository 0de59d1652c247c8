import { policyVersion, runId, sha256, trajectoryId, type RolloutKey, createRng } from "@litmus/core";
import { buildEpisode } from "./build-episode.ts";
import { draftTurns } from "./draft-turns.ts";
import { indexSha256, modelSha256, promptSha256, trainedPrompt, type SeedPlan } from "./seed-plan.ts";
import { seedData } from "./seed-problems.ts";
import { seedRun } from "./seed-run.ts";
import type { Seeding } from "./seed-tools.ts";

/** Runs of the small store, by what they show. */
export const smallRuns = {
  /** Base, sft and grpo, each evaluated; sampled too. */
  finished: "textbook",
  /** The same experiment with another seed, in the middle of grpo. */
  running: "textbook-2",
  /** Records with PMIDs; episodes failed at every boundary, and the run stopped for it. */
  failed: "pubmed-answers",
  /** An evaluation alone: the base policy with one search made for it. */
  baseline: "textbook-rag",
  /** Questions that somebody asked. */
  asked: "ask",
} as const;

const keyOf = (run: string, rest: Omit<RolloutKey, "runId" | "member">): RolloutKey => ({
  runId: runId(run),
  member: 0,
  ...rest,
});

/** Trajectories of the small store, by what they show. */
export const smallTrajectories = {
  /** Of a group of four, with what an update made of it. */
  trained: trajectoryId(keyOf(smallRuns.finished, { stage: "grpo", step: 1, purpose: "train", group: 0 })),
  /** Of the last greedy evaluation: its question was asked of the base too. */
  evaluated: trajectoryId(keyOf(smallRuns.finished, { stage: "grpo", step: 8, purpose: "evaluation", group: 1 })),
  /** With PMIDs. */
  pubmed: trajectoryId(keyOf(smallRuns.failed, { stage: "sft", step: 10, purpose: "evaluation", group: 0 })),
} as const;

/** A question of the small store that every policy was asked. */
export const smallProblem = "topic-09-a";

const common = {
  seed: 1,
  idSpace: "own",
  basePrompt: "few-shot-v1",
  learningRate: 1e-4,
  baseSkill: 0.05,
  failureShare: 0.02,
  samples: 2,
} as const;

const plans: readonly SeedPlan[] = [
  {
    ...common,
    id: smallRuns.baseline,
    name: "textbook-rag",
    status: "finished",
    startedAt: "2026-03-01T08:00:00.000Z",
    basePrompt: "retrieval-augmented-v1",
    baseSkill: 0.35,
    stages: [],
  },
  {
    ...common,
    id: smallRuns.finished,
    name: "textbook",
    status: "finished",
    startedAt: "2026-03-02T08:00:00.000Z",
    stages: [
      { type: "sft", steps: 10, stepsDone: 10, skill: [0.05, 0.45] },
      { type: "grpo", steps: 8, stepsDone: 8, skill: [0.45, 0.95] },
    ],
  },
  {
    ...common,
    id: smallRuns.failed,
    name: "pubmed-answers",
    seed: 7,
    status: "failed",
    startedAt: "2026-03-03T08:00:00.000Z",
    idSpace: "pubmed",
    learningRate: 5e-4,
    failureShare: 0.2,
    stages: [
      { type: "sft", steps: 10, stepsDone: 10, skill: [0.1, 0.4] },
      { type: "grpo", steps: 8, stepsDone: 4, skill: [0.4, 0.2] },
    ],
  },
  {
    ...common,
    id: smallRuns.running,
    name: "textbook",
    seed: 2,
    status: "running",
    startedAt: "2026-03-04T08:00:00.000Z",
    stages: [
      { type: "sft", steps: 10, stepsDone: 10, skill: [0.05, 0.4] },
      { type: "grpo", steps: 8, stepsDone: 5, skill: [0.4, 0.9] },
    ],
  },
];

/**
 * Fills a store with a few runs in which every page finds every kind of thing that it shows: a run of each status, stages,
 * evaluations by question, groups, searches, citations, malformed actions, failures, trained tokens, asked questions.
 */
export async function seedSmallStore(seeding: Seeding): Promise<void> {
  for (const plan of plans) await seedRun(seeding, plan);
  await seedAsked(seeding);
}

async function seedAsked({ store }: Seeding): Promise<void> {
  const id = runId(smallRuns.asked);
  const createdAt = "2026-03-05T08:00:00.000Z";
  await store.saveRun({
    id,
    name: "ask",
    status: "finished",
    configHash: sha256("ask"),
    config: {},
    manifest: {},
    createdAt,
    finishedAt: null,
  });
  const { test, records } = seedData("own");
  const entries = test.slice(0, 2).map((asked, group) => {
    const key: RolloutKey = { runId: id, stage: "ask", step: 0, purpose: "ask", group, member: 0 };
    const rng = createRng(`ask ${group}`);
    const trajectory = buildEpisode({
      ...draftTurns({ asked, records, skill: 0.9, failureShare: 0, rng }),
      question: asked.problem.question,
      prompt: { name: trainedPrompt, sha256: promptSha256(trainedPrompt) },
      policy: { engine: "llama.cpp", modelSha256, version: policyVersion(0), adapterSha256: null },
      indexId: indexSha256("own"),
      temperature: 0,
      seed: group,
      startedAt: createdAt,
      rng,
    });
    return { id: trajectoryId(key), key, problemId: null, trajectory, reward: null, rewardFailure: null };
  });
  await store.saveTrajectories(entries);
}
