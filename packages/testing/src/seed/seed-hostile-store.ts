import {
  createRng,
  policyVersion,
  problemId,
  recordId,
  runId,
  trajectoryId,
  type Failure,
  type MetricRecord,
  type Problem,
  type RolloutKey,
  type RunRecord,
  type ShownHit,
  type StoredTrajectory,
} from "@litmus/core";
import { buildEpisode, type DraftTurn } from "./build-episode.ts";
import { hostileNames, hostileTexts } from "./hostile-texts.ts";
import { indexSha256, modelSha256, promptSha256, seedRecord, type SeedPlan } from "./seed-plan.ts";
import { metricRows, stepCommit } from "./seed-step.ts";
import type { SeedTools, Seeding } from "./seed-tools.ts";

/** The run in which every text is hostile; others have hostile names. */
export const hostileRun = runId("hostile");

const plan: SeedPlan = {
  id: hostileRun,
  name: "hostile",
  seed: 1,
  status: "running",
  startedAt: "2026-04-01T08:00:00.000Z",
  idSpace: "pubmed",
  basePrompt: "few-shot-v1",
  learningRate: 1e-4,
  stages: [{ type: "grpo", steps: 8, stepsDone: 2, skill: [0, 1] }],
  baseSkill: 0,
  failureShare: 0,
  samples: 0,
};

/** Texts differ between the fields of one thing, so that none hides behind another. */
const textAt = (index: number): string => hostileTexts[index % hostileTexts.length] ?? "";
const nameAt = (index: number): string => hostileNames[index % hostileNames.length] ?? "";

/** Fills a store so that every text that a page may show, of every kind, is each of the hostile texts once. */
export async function seedHostileStore({ store, tools }: Seeding): Promise<void> {
  await store.saveRun(mainRun(tools));
  const problems = hostileTexts.map((_, i) => problemAt(i));
  await store.saveProblems(hostileRun, "test", problems);
  const greedy = problems.map((problem, i) => entryAt(problem, i));
  await store.saveTrajectories([...greedy, ...failedEntries(problems), longEntry(problems)]);
  const result = tools.summarize({ problems, greedy, sampled: null, k: 0 });
  await store.saveEvaluation({ runId: hostileRun, stage: "base", step: 0, split: "test", result });
  for (const run of otherRuns(tools)) {
    await store.saveRun(run);
    await store.saveEvaluation({ runId: run.id, stage: "base", step: 0, split: "test", result });
  }
  await store.commitStep(
    stepCommit(
      plan,
      { runId: hostileRun, stage: nameAt(1), step: 1, version: 1 },
      { metrics: { reward: 0.5 }, trained: [] },
    ),
  );
  await store.saveMetrics(metrics());
}

/** A run for every name. Their ids are plain: a run id holds letters, digits and dashes alone. */
function otherRuns(tools: SeedTools): RunRecord[] {
  return hostileTexts.map((text, i) => ({
    ...seedRecord(plan, tools),
    id: runId(`named-${i}`),
    name: text,
    status: "finished",
    finishedAt: plan.startedAt,
  }));
}

function mainRun(tools: SeedTools): RunRecord {
  const record = seedRecord(plan, tools);
  const notes = Object.fromEntries(hostileTexts.map((text, i) => [`${i} ${nameAt(i + 1)}`, text]));
  const manifest = Object.fromEntries(hostileNames.map((name, i) => [`${i} ${name}`, textAt(i + 1)]));
  const name = textAt(0);
  return {
    ...record,
    name,
    config: { ...(record.config as object), notes },
    manifest: { ...record.manifest, ...manifest },
  };
}

function problemAt(index: number): Problem {
  const id = nameAt(index);
  return {
    id: problemId(`${index} ${id}`),
    question: textAt(index),
    goldenAnswers: [`golden ${textAt(index + 1)}`, textAt(index + 2)],
    goldRecordIds: [recordId(nameAt(index + 3))],
    category: nameAt(index + 4),
    isParaphrased: null,
  };
}

function entryAt(problem: Problem, index: number): StoredTrajectory {
  const key: RolloutKey = { runId: hostileRun, stage: "base", step: 0, purpose: "evaluation", group: index, member: 0 };
  return entryOf(key, problem, { turns: [searchTurn(index), answerTurn(index)], index });
}

/** Failures of every boundary, with hostile codes and messages. */
function failedEntries(problems: readonly Problem[]): StoredTrajectory[] {
  const boundaries = ["policy", "retrieval", "parser", "reward", "timeout", "queue"] as const;
  return problems.map((problem, i) => {
    const boundary = boundaries[i % boundaries.length] ?? "policy";
    const failure: Failure = { boundary, code: nameAt(i + 1), message: textAt(i), retryable: false };
    const key: RolloutKey = { runId: hostileRun, stage: nameAt(i), step: 1, purpose: "train", group: i, member: 0 };
    const entry = entryOf(key, problem, { turns: [searchTurn(i, failure)], index: i });
    if (boundary === "reward") return { ...entry, reward: null, rewardFailure: failure };
    const trajectory = { ...entry.trajectory, outcome: { type: "failed" as const, failure } };
    return { ...entry, trajectory, reward: null };
  });
}

/** One trajectory in which each text is a query, a title, a shown text, an action and a reason. */
function longEntry(problems: readonly Problem[]): StoredTrajectory {
  const key: RolloutKey = {
    runId: hostileRun,
    stage: "base",
    step: 0,
    purpose: "evaluation-sampled",
    group: 0,
    member: 0,
  };
  const turns = hostileTexts.flatMap((_, i) => [searchTurn(i), malformedTurn(i)]);
  return entryOf(key, problems[0] as Problem, { turns: [...turns, answerTurn(0)], index: 0 });
}

/** The one that shows every text, turn by turn. */
export const hostileTrajectory = trajectoryId({
  runId: hostileRun,
  stage: "base",
  step: 0,
  purpose: "evaluation-sampled",
  group: 0,
  member: 0,
});

interface Episode {
  readonly turns: readonly DraftTurn[];
  readonly index: number;
}

function entryOf(key: RolloutKey, problem: Problem, { turns, index }: Episode): StoredTrajectory {
  const trajectory = buildEpisode({
    question: problem.question,
    turns,
    outcome: { type: "stopped", reason: "completed" },
    prompt: { name: nameAt(index), sha256: promptSha256(nameAt(index)) },
    policy: { engine: nameAt(index + 5), modelSha256, version: policyVersion(0), adapterSha256: null },
    indexId: indexSha256("pubmed"),
    temperature: 0,
    seed: index,
    startedAt: plan.startedAt,
    rng: createRng(`hostile ${index}`),
  });
  const components = [
    { name: "exactMatch", score: index % 2, weight: 1, detail: textAt(index) },
    { name: "format", score: 1, weight: 0.1, detail: textAt(index + 1) },
    { name: nameAt(index + 2), score: 0, weight: 0, detail: textAt(index + 3) },
  ];
  const total = (index % 2) + 0.1;
  const reward = { components, total, scorer: "hostile-1" };
  return { id: trajectoryId(key), key, problemId: problem.id, trajectory, reward, rewardFailure: null };
}

function searchTurn(index: number, failure: Failure | null = null): DraftTurn {
  const query = textAt(index);
  const hits = failure === null ? [0, 1, 2].map((i) => hitAt(index + i, i + 1)) : [];
  return {
    text: `${textAt(index + 1)}<search>${query}</search>`,
    action: { type: "search", query },
    reply: { hits, failure, durationMs: 1 },
  };
}

function hitAt(index: number, rank: number): ShownHit {
  return {
    recordId: recordId(nameAt(index)),
    rank,
    score: 10 - rank,
    title: textAt(index + 1),
    shownText: textAt(index + 2),
    cut: true,
  };
}

function malformedTurn(index: number): DraftTurn {
  return { text: textAt(index), action: { type: "malformed", reason: textAt(index + 1) } };
}

function answerTurn(index: number): DraftTurn {
  const answer = textAt(index);
  const cited = [nameAt(index), nameAt(index + 1)];
  return { text: `<answer>${answer}</answer>`, action: { type: "answer", answer, cited } };
}

function metrics(): MetricRecord[] {
  const named = Object.fromEntries(hostileNames.map((name, i) => [`${i} ${name}`, i]));
  const point = { runId: hostileRun, stage: "grpo", version: 1 };
  const stages = hostileNames.map((stage, i) => ({
    runId: hostileRun,
    stage,
    step: 1,
    name: "reward",
    value: i / 100,
  }));
  return [1, 2].flatMap((step) => metricRows({ ...point, step }, { ...named, reward: step / 2 })).concat(stages);
}
