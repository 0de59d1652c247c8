import {
  createRng,
  LitmusError,
  policyVersion,
  runId,
  trajectoryId,
  type CorpusRecord,
  type Problem,
  type RolloutKey,
  type StoredTrajectory,
} from "@litmus/core";
import { buildEpisode, type DraftTurn } from "./build-episode.ts";
import { largePlan } from "./large-plan.ts";
import { indexSha256, modelSha256, promptSha256, seedRecord, trainedPrompt, type SeedPlan } from "./seed-plan.ts";
import { seedData, type SeedData } from "./seed-problems.ts";
import { stepCommit, trainedTokens } from "./seed-step.ts";
import type { Seeding } from "./seed-tools.ts";

const plan: SeedPlan = {
  ...largePlan,
  id: "long-trajectory",
  name: "long-trajectory",
  stages: [{ type: "grpo", steps: 1, stepsDone: 1, skill: [0, 1] }],
};

const longKey: RolloutKey = {
  runId: runId(plan.id),
  stage: "grpo",
  step: 0,
  purpose: "train",
  group: 0,
  member: 0,
};

/** The trajectory that {@link seedLongTrajectory} makes. */
export const longTrajectory = trajectoryId(longKey);

export interface LongTrajectory {
  readonly turns: number;
  /** At least. */
  readonly tokens: number;
}

/** One trajectory of many turns, in a group of its own, with what an update made of it. */
export async function seedLongTrajectory({ store, tools }: Seeding, size: LongTrajectory): Promise<void> {
  const { train, records } = seedData("own");
  const { problem } = train[0] as SeedData["train"][number];
  await store.saveRun(seedRecord(plan, tools));
  await store.saveProblems(runId(plan.id), "train", [problem]);
  const trajectory = longEpisode(problem, longTurns(size, records));
  const scored = tools.verify(trajectory, problem);
  if (!scored.ok) throw new LitmusError("bug", `the long trajectory was not scored: ${scored.failure.message}`);
  const entry: StoredTrajectory = {
    id: longTrajectory,
    key: longKey,
    problemId: problem.id,
    trajectory,
    reward: scored.value,
    rewardFailure: null,
  };
  await store.saveTrajectories([entry]);
  const trained = trainedTokens([[entry]], 1, createRng("long update"));
  const point = { runId: runId(plan.id), stage: "grpo", step: 1, version: 1 };
  await store.commitStep(stepCommit(plan, point, { metrics: { reward: scored.value.total }, trained }));
}

function longEpisode(problem: Problem, turns: readonly DraftTurn[]): StoredTrajectory["trajectory"] {
  return buildEpisode({
    question: problem.question,
    turns,
    outcome: { type: "stopped", reason: "completed" },
    prompt: { name: trainedPrompt, sha256: promptSha256(trainedPrompt) },
    policy: { engine: "llama.cpp", modelSha256, version: policyVersion(0), adapterSha256: null },
    indexId: indexSha256("own"),
    temperature: 1,
    seed: 1,
    startedAt: plan.startedAt,
    rng: createRng("long trajectory"),
  });
}

function longTurns({ turns, tokens }: LongTrajectory, records: readonly CorpusRecord[]): DraftTurn[] {
  const perTurn = Math.ceil(tokens / turns);
  const searches = Array.from({ length: turns - 1 }, (_, i) =>
    longSearch(i, { record: records[i % records.length] as CorpusRecord, perTurn }),
  );
  const text = `<think>${"One record names it. ".repeat(Math.ceil(perTurn / 21))}</think>\n<answer>CFTR</answer>`;
  return [...searches, { text, action: { type: "answer", answer: "CFTR", cited: [] } }];
}

/** A search whose action and observation have at least `perTurn` tokens together. */
function longSearch(turn: number, { record, perTurn }: { record: CorpusRecord; perTurn: number }): DraftTurn {
  const query = `${record.title.toLowerCase()} part ${turn + 1}`;
  const text = `<think>Turn ${turn + 1}: what is known does not name it yet.</think>\n<search>${query}</search>`;
  const room = Math.max(40, perTurn - text.length - record.title.length - 42);
  const shownText = `${record.text} `.repeat(Math.ceil(room / record.text.length)).slice(0, room);
  const hit = { recordId: record.id, rank: 1, score: 12, title: record.title, shownText, cut: true };
  return { text, action: { type: "search", query }, reply: { hits: [hit], failure: null, durationMs: 3 } };
}
