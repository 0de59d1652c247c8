import { recordId, runId, sha256, trajectoryId } from "@litmus/core";
import type {
  PolicyVersion,
  Problem,
  ProblemId,
  Reward,
  RolloutKey,
  RunRecord,
  Segment,
  StoredTrajectory,
  Trajectory,
  Turn,
} from "@litmus/core";

/** Two turns, a search and an answer: 12 tokens, 6 of them actions. */
export function buildTrajectory(overrides: Partial<Trajectory> = {}): Trajectory {
  return {
    schemaVersion: 1,
    question: "Which gene is mutated in cystic fibrosis?",
    prompt: { name: "search", sha256: sha256("prompt") },
    policy: { engine: "scripted", modelSha256: sha256("model"), version: 0 as PolicyVersion, adapterSha256: null },
    indexId: sha256("index"),
    temperature: 1,
    seed: 4_294_967_295,
    tokens: [2, 10, 11, 20, 21, 22, 30, 31, 32, 40, 41, 42],
    segments: [
      { kind: "prompt", start: 0, end: 3, turn: 0 },
      { kind: "action", start: 3, end: 6, turn: 0 },
      { kind: "observation", start: 6, end: 9, turn: 1 },
      { kind: "action", start: 9, end: 12, turn: 1 },
    ],
    logProbs: [-0.25, -1e-9, -0.1, -2.5, -17.12345678901234, -0.5],
    turns: [searchTurn(), answerTurn()],
    answer: "CFTR",
    cited: [recordId("100")],
    outcome: { type: "stopped", reason: "completed" },
    usage: { prefilledTokens: 6, cachedTokens: 3, sampledTokens: 6, searches: 1 },
    timing: { startedAt: "2026-01-01T00:00:00.000Z", durationMs: 12.5 },
    ...overrides,
  };
}

function searchTurn(): Turn {
  const hit = {
    recordId: recordId("100"),
    rank: 1,
    score: 7.25,
    title: "Title",
    shownText: "CFTR is mutated.",
    cut: false,
  };
  return {
    index: 0,
    actionText: "<search>cystic fibrosis gene</search>",
    action: { type: "search", query: "cystic fibrosis gene" },
    sampledTokens: 3,
    search: { query: "cystic fibrosis gene", hits: [hit], durationMs: 1.5, failure: null },
  };
}

function answerTurn(): Turn {
  return {
    index: 1,
    actionText: "<cite>100</cite><answer>CFTR</answer>",
    action: { type: "answer", answer: "CFTR", cited: ["100"] },
    sampledTokens: 3,
    search: null,
  };
}

/** Everything of {@link StoredTrajectory} may be replaced, and any part of its key; the id follows the key. */
export interface StoredTrajectoryOverrides extends Partial<Omit<StoredTrajectory, "key" | "id">> {
  readonly key?: Partial<RolloutKey>;
}

/** A rewarded trajectory of run `run-1`, stage `rl`, step 0, without a problem. */
export function buildStoredTrajectory(overrides: StoredTrajectoryOverrides = {}): StoredTrajectory {
  const { key: keyOverrides, ...rest } = overrides;
  const key: RolloutKey = {
    runId: runId("run-1"),
    stage: "rl",
    step: 0,
    purpose: "train",
    group: 0,
    member: 0,
    ...keyOverrides,
  };
  return {
    id: trajectoryId(key),
    key,
    problemId: null,
    trajectory: buildTrajectory(),
    reward: buildReward(),
    rewardFailure: null,
    ...rest,
  };
}

/** An exact match with the right format: 1.1 in total. */
export function buildReward(overrides: Partial<Reward> = {}): Reward {
  const components = [
    { name: "exact-match", score: 1, weight: 1, detail: "cftr = cftr" },
    { name: "format", score: 1, weight: 0.1, detail: "one answer" },
  ];
  return { components, total: 1.1, scorer: "test-1", ...overrides };
}

/** A running run, `run-1`. */
export function buildRun(overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    id: runId("run-1"),
    name: "A run",
    status: "running",
    configHash: sha256("config"),
    config: { seed: 1, policy: { temperature: 1 }, stages: ["rl"] },
    manifest: { model: sha256("model"), index: sha256("index") },
    createdAt: "2026-01-01T00:00:00.000Z",
    finishedAt: null,
    ...overrides,
  };
}

/** A question with one golden answer. */
export function buildProblem(overrides: Partial<Problem> = {}): Problem {
  return {
    id: "problem-1" as ProblemId,
    question: "Which gene is mutated in cystic fibrosis?",
    goldenAnswers: ["CFTR"],
    goldRecordIds: [recordId("100")],
    category: null,
    isParaphrased: null,
    ...overrides,
  };
}

/** Segments that take turns between observation and action, for a number of tokens. */
export function alternatingSegments(tokens: number, length: number): Segment[] {
  return Array.from({ length: Math.ceil(tokens / length) }, (_, i) => ({
    kind: i === 0 ? "prompt" : i % 2 === 1 ? "action" : "observation",
    start: i * length,
    end: Math.min(tokens, (i + 1) * length),
    turn: Math.floor(i / 2),
  }));
}
