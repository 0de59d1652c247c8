/** @file Builders of what the server tells of trajectories, for tests; each field can be told. */
import type { Attempt, GroupMember, Hit, TokenPage, TrajectoryView, TurnView } from "@litmus/api";
import type { RunView } from "@litmus/api";

export const runHead: RunView["run"] = {
  id: "run-1",
  name: "quickstart",
  status: "finished",
  seed: 1,
  configHash: "c".repeat(64),
  createdAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T01:00:00.000Z",
};

export const hit = (patch: Partial<Hit> = {}): Hit => ({
  recordId: "12345",
  rank: 1,
  score: 7.25,
  title: "Interleukin-6 in sepsis",
  year: 2019,
  shownText: "Interleukin-6 rises early in sepsis.",
  cut: false,
  isGold: false,
  isCited: false,
  url: "https://pubmed.ncbi.nlm.nih.gov/12345/",
  ...patch,
});

export const turnView = (patch: Partial<TurnView> = {}): TurnView => ({
  index: 0,
  thought: "I should look for the cytokine.",
  actionText: "I should look for the cytokine.<search>cytokine sepsis</search>",
  action: { type: "search", query: "cytokine sepsis" },
  sampledTokens: 12,
  tokens: null,
  search: { query: "cytokine sepsis", durationMs: 3, failure: null, hits: [hit()] },
  ...patch,
});

export const attempt = (patch: Partial<Attempt> = {}): Attempt => ({
  trajectoryId: "t-0",
  runId: "run-1",
  stage: "grpo",
  step: 2,
  purpose: "train",
  group: 1,
  member: 0,
  version: 2,
  problemId: "p-1",
  question: "Which cytokine rises first in sepsis?",
  answer: "IL-6",
  reward: 1,
  exactMatch: 1,
  ending: { type: "stopped", reason: "completed" },
  queries: ["cytokine sepsis"],
  foundGold: true,
  searches: 1,
  sampledTokens: 40,
  durationMs: 900,
  startedAt: "2026-01-01T00:10:00.000Z",
  ...patch,
});

export const member = (patch: Partial<GroupMember> = {}): GroupMember => ({
  ...attempt(patch),
  advantage: 0.5,
  ...patch,
});

export const trajectoryView = (patch: Partial<TrajectoryView> = {}): TrajectoryView => ({
  id: "t-0",
  key: { runId: "run-1", stage: "grpo", step: 2, purpose: "train", group: 1, member: 0 },
  run: runHead,
  problem: {
    id: "p-1",
    split: "train",
    question: "Which cytokine rises first in sepsis?",
    goldenAnswers: ["interleukin-6", "IL-6"],
    goldRecordIds: ["12345"],
    category: "factoid",
    isParaphrased: false,
  },
  idSpace: "pubmed",
  question: "Which cytokine rises first in sepsis?",
  answer: "IL-6",
  cited: ["12345"],
  ending: { type: "stopped", reason: "completed" },
  policy: { engine: "llama.cpp", modelSha256: "a".repeat(64), version: 2, adapterSha256: "b".repeat(64) },
  prompt: { name: "search", sha256: "d".repeat(64) },
  indexId: "e".repeat(64),
  temperature: 1,
  seed: 7,
  usage: { prefilledTokens: 200, cachedTokens: 100, sampledTokens: 40, searches: 1 },
  startedAt: "2026-01-01T00:10:00.000Z",
  durationMs: 900,
  turns: [
    turnView({ tokens: { start: 10, end: 15 } }),
    turnView({
      index: 1,
      thought: "",
      actionText: "<answer>IL-6</answer>",
      action: { type: "answer", answer: "IL-6", cited: ["12345"] },
      tokens: { start: 20, end: 25 },
      search: null,
    }),
  ],
  reward: {
    total: 1,
    scorer: "3",
    components: [{ name: "exactMatch", score: 1, weight: 1, detail: "equals a golden answer" }],
    verdict: {
      rule: "match",
      sentence: "The normal form equals that of a golden answer.",
      scoredSpan: "IL-6",
      normalForm: "il 6",
      matched: "IL-6",
      golden: [
        { text: "interleukin-6", normalForm: "interleukin 6" },
        { text: "IL-6", normalForm: "il 6" },
      ],
    },
    verdictMissing: null,
  },
  advantage: 0.5,
  group: [
    member(),
    member({
      trajectoryId: "t-1",
      member: 1,
      reward: 0,
      exactMatch: 0,
      answer: "TNF",
      advantage: -0.5,
      foundGold: false,
    }),
  ],
  groupMean: 0.5,
  others: [],
  previousId: null,
  nextId: "t-1",
  tokens: { total: 25, hasText: true, hasLogProbs: true, hasAdvantages: true, hasTrainerLogProbs: true },
  ...patch,
});

/** Tokens of a trajectory that begins with a prompt of ten; every other five are sampled. */
export function tokenPage(patch: Partial<TokenPage> = {}): TokenPage {
  const total = 25;
  const places = Array.from({ length: total }, (_, i) => i);
  const isSampled = (i: number): boolean => (i >= 10 && i < 15) || i >= 20;
  return {
    from: 0,
    to: total,
    total,
    ids: places.map((i) => 1000 + i),
    texts: places.map((i) => (i === 4 ? "\n" : ` w${i}`)),
    segments: [
      { kind: "prompt", start: 0, end: 10, turn: 0 },
      { kind: "action", start: 10, end: 15, turn: 0 },
      { kind: "observation", start: 15, end: 20, turn: 1 },
      { kind: "action", start: 20, end: 25, turn: 1 },
    ],
    logProbs: places.map((i) => (isSampled(i) ? -0.25 * (i % 5) : null)),
    advantages: places.map((i) => (isSampled(i) ? 0.5 : null)),
    trainerLogProbs: places.map((i) => (isSampled(i) ? -0.25 * (i % 5) - 0.02 : null)),
    ...patch,
  };
}
