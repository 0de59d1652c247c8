import { trajectoryViewSchema, tokenPageSchema, tokensQuery, type TrajectoryView } from "@litmus/api";
import {
  policyVersion,
  recordId,
  runId,
  sha256,
  trajectoryId,
  type RolloutKey,
  type StoredTrajectory,
  type Turn,
} from "@litmus/core";
import { createVerifier, scorerVersion } from "@litmus/reward";
import { buildProblem, buildReward, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { checkpointOf, runOf } from "../testing/build-rows.ts";
import { readsOf, type Rows } from "../testing/reads-of.ts";
import { tokensView } from "./tokens-view.ts";
import { trajectoryView } from "./trajectory-view.ts";

const id = runId("tiny");
const problem = buildProblem({ goldenAnswers: ["CFTR", "ABCC7"] });
const stored = { ...problem, split: "train", runId: id };
const train: Partial<RolloutKey> = { runId: id, stage: "grpo", step: 1, purpose: "train" };

/** A member of the group, with a total reward or failed. */
const memberOf = (member: number, total: number | null, key: Partial<RolloutKey> = train): StoredTrajectory =>
  buildStoredTrajectory({
    key: { ...key, member },
    problemId: problem.id,
    reward: total === null ? null : buildReward({ total }),
    rewardFailure: total === null ? { boundary: "reward", code: "broken", message: "why", retryable: false } : null,
  });

async function viewOf(entry: StoredTrajectory, rows: Partial<Rows> = {}): Promise<TrajectoryView> {
  const reads = readsOf({ runs: [runOf("tiny")], problems: [stored], trajectories: [entry], ...rows });
  const view = await trajectoryView(reads, entry.id);
  expect(trajectoryViewSchema.parse(view)).toEqual(view);
  return view;
}

describe("trajectoryView: turns", () => {
  it("shows thought, action, its tokens, and hits with their marks", async () => {
    const view = await viewOf(memberOf(0, 1.1));
    expect(view.turns.map(({ thought, tokens, action }) => [thought, tokens, action.type])).toEqual([
      ["", { start: 3, end: 6 }, "search"],
      ["", { start: 9, end: 12 }, "answer"],
    ]);
    expect(view.turns[0]?.search?.hits[0]).toMatchObject({
      recordId: "100",
      isGold: true,
      isCited: true,
      url: "https://pubmed.ncbi.nlm.nih.gov/100/",
    });
    expect(view).toMatchObject({ question: problem.question, answer: "CFTR", cited: ["100"], idSpace: "pubmed" });
    expect(view.problem).toMatchObject({ split: "train", goldenAnswers: ["CFTR", "ABCC7"] });
  });

  it.each([
    ["<think>It is a gene.</think>\n<search>x</search>", "It is a gene."],
    ["Cited below. <cite>100</cite><answer>CFTR</answer>", "Cited below."],
    ["no tag at all", ""],
    ["<answer>CFTR</answer>", ""],
  ])("reads the thought in %j", async (actionText, thought) => {
    const [turn] = buildTrajectory().turns as [Turn];
    const entry = buildStoredTrajectory({
      key: train,
      trajectory: buildTrajectory({ turns: [{ ...turn, actionText }] }),
    });
    expect((await viewOf(entry)).turns[0]?.thought).toBe(thought);
  });

  it("links what is a PMID of a PubMed corpus, and nothing else", async () => {
    const [turn] = buildTrajectory().turns as [Turn];
    const hits = ["31", "0123456789", "R1", "1e3", "javascript:alert(1)"].map((recordIdText) => ({
      ...(turn.search?.hits[0] as NonNullable<Turn["search"]>["hits"][number]),
      recordId: recordId(recordIdText),
    }));
    const turns = [{ ...turn, search: { ...(turn.search as NonNullable<Turn["search"]>), hits } }];
    const entry = buildStoredTrajectory({ key: train, trajectory: buildTrajectory({ turns }) });
    const urls = async (run = runOf("tiny")) =>
      (await viewOf(entry, { runs: [run] })).turns[0]?.search?.hits.map(({ url }) => url);
    expect(await urls()).toEqual(["https://pubmed.ncbi.nlm.nih.gov/31/", null, null, null, null]);
    expect(await urls(runOf("tiny", { set: ["corpus.idSpace=own"] }))).toEqual([null, null, null, null, null]);
  });

  it("tells a record's year where it is known", async () => {
    const [turn] = buildTrajectory().turns as [Turn];
    const search = turn.search as NonNullable<Turn["search"]>;
    const [hit] = search.hits as [NonNullable<Turn["search"]>["hits"][number]];
    const turns = [{ ...turn, search: { ...search, hits: [{ ...hit, year: 1989 }, hit] } }];
    const entry = buildStoredTrajectory({ key: train, trajectory: buildTrajectory({ turns }) });
    expect((await viewOf(entry)).turns[0]?.search?.hits.map(({ year }) => year)).toEqual([1989, null]);
  });

  it("knows the corpus of a question that was asked by its index", async () => {
    const ask = runOf("ask", { config: {}, manifest: {} });
    const entry = buildStoredTrajectory({ key: { runId: ask.id, stage: "ask", purpose: "ask" }, reward: null });
    const runs = [ask, runOf("tiny", { manifest: { index: sha256("index") } })];
    const view = await viewOf(entry, { runs });
    expect(view).toMatchObject({ idSpace: "pubmed", problem: null, reward: null, advantage: null, others: [] });
    expect(view.ending).toEqual({ type: "stopped", reason: "completed" });
  });

  it("has no tokens of a chat model", async () => {
    const trajectory = buildTrajectory({ tokens: [], segments: [], logProbs: [] });
    const view = await viewOf(buildStoredTrajectory({ key: train, trajectory }));
    expect(view.turns[0]?.tokens).toBeNull();
    expect(view.tokens).toEqual({
      total: 0,
      hasText: false,
      hasLogProbs: false,
      hasAdvantages: false,
      hasTrainerLogProbs: false,
    });
  });
});

describe("trajectoryView: reward", () => {
  const scored = (answer: string, goldenAnswers = problem.goldenAnswers): StoredTrajectory => {
    const base = buildTrajectory();
    const turns = base.turns.map((turn): Turn =>
      turn.action.type === "answer"
        ? { ...turn, actionText: `<answer>${answer}</answer>`, action: { type: "answer", answer, cited: [] } }
        : turn,
    );
    const trajectory = { ...base, turns, answer };
    const reward = createVerifier().verify(trajectory, goldenAnswers);
    if (!reward.ok) throw new Error(reward.failure.message);
    return buildStoredTrajectory({ key: train, problemId: problem.id, trajectory, reward: reward.value });
  };

  it.each([
    ["the CFTR", "match", "CFTR"],
    ["abcc7", "match", "ABCC7"],
    ["CFTR or DMD", "several-answers", null],
    ["dystrophin", "no-match", null],
    ["…", "empty", null],
  ])("says why %j was scored so", async (answer, rule, matched) => {
    const card = (await viewOf(scored(answer))).reward;
    expect(card?.verdict).toMatchObject({ rule, scoredSpan: answer, matched });
    expect(card?.verdictMissing).toBeNull();
    // The judge that scored and the judge that is shown are one.
    expect(card?.components[0]?.score).toBe(rule === "match" ? 1 : 0);
    expect(card?.verdict?.golden.map(({ text }) => text)).toEqual(["CFTR", "ABCC7"]);
    expect(card?.verdict?.golden.find(({ text }) => text === matched)?.normalForm ?? card?.verdict?.normalForm).toBe(
      card?.verdict?.normalForm,
    );
  });

  it("judges nothing that another version scored, or that has no answer", async () => {
    expect((await viewOf(memberOf(0, 1.1))).reward).toMatchObject({
      scorer: "test-1",
      verdict: null,
      verdictMissing: expect.stringContaining(scorerVersion),
    });
    const silent = buildStoredTrajectory({
      key: train,
      problemId: problem.id,
      reward: buildReward({ scorer: scorerVersion }),
      trajectory: buildTrajectory({ answer: null, turns: [], outcome: { type: "stopped", reason: "max_turns" } }),
    });
    expect((await viewOf(silent)).reward?.verdictMissing).toBe("The episode ended without an answer.");
    expect((await viewOf(silent, { problems: [] })).reward?.verdictMissing).toContain("not stored");
  });

  it("has no reward card of what failed, but its failure", async () => {
    const view = await viewOf(memberOf(0, null));
    expect(view.reward).toBeNull();
    expect(view.ending).toEqual({ type: "failed", boundary: "reward", code: "broken", message: "why" });
  });
});

describe("trajectoryView: group and neighbours", () => {
  const totals = [1.1, 0.1, null, 0.1];
  const members = totals.map((total, member) => memberOf(member, total));
  const checkpoints = [checkpointOf(id, { stage: "grpo", step: 1 }, 1)];
  const advantagesOf = async (set: readonly string[] = [], rows: Partial<Rows> = {}) =>
    (
      await viewOf(members[0] as StoredTrajectory, {
        runs: [runOf("tiny", { set })],
        trajectories: members,
        checkpoints,
        ...rows,
      })
    ).group.map(({ advantage }) => advantage);

  it("reckons advantages by the stage's estimator, over those that did not fail", async () => {
    // Returns 1.1, 0.1, 0.1: mean 0.43333, deviation 0.57735.
    const standardised = await advantagesOf();
    expect(standardised[0]).toBeCloseTo(2 / 3 / 0.57735, 4);
    expect(standardised[1]).toBeCloseTo(-1 / 3 / 0.57735, 4);
    expect(standardised[2]).toBeNull();
    const centred = await advantagesOf(["stages.1.advantage=group-centred"]);
    expect(centred[0]).toBeCloseTo(2 / 3, 12);
    const alone = await advantagesOf(["stages.1.advantage=leave-one-out"]);
    expect(alone[3]).toBeCloseTo(0.1 - 0.6, 12);
  });

  it("reckons none before the step is done: members may be missing, and no update has used them", async () => {
    const trajectories = members.slice(0, 2);
    const earlier = ["sft", "grpo"].map((stage, i) => checkpointOf(id, { stage, step: i === 0 ? 4 : 0 }, 1));
    expect(await advantagesOf([], { trajectories, checkpoints: [] })).toEqual([null, null]);
    expect(await advantagesOf([], { trajectories, checkpoints: earlier })).toEqual([null, null]);
    const later = [checkpointOf(id, { stage: "grpo", step: 2 }, 1)];
    expect((await advantagesOf([], { checkpoints: later }))[0]).toBeGreaterThan(0);
  });

  it("takes the penalty of long trajectories off the return", async () => {
    // 6 tokens: 3 of 4 beyond 3, so that every return falls by 0.75, and nothing changes between them.
    const centred = await advantagesOf([
      "stages.1.advantage=group-centred",
      "stages.1.overlong={maxTokens: 7, margin: 4}",
    ]);
    expect(centred[0]).toBeCloseTo(2 / 3, 12);
  });

  it("reckons none where the group alone does not decide it, or too few are left", async () => {
    expect(await advantagesOf(["stages.1.advantage=batch-centred"])).toEqual([null, null, null, null]);
    expect(await advantagesOf(["stages.1.kl={coefficient: 0.1, in: reward}"])).toEqual([null, null, null, null]);
    const failed = totals.map((_, member) => memberOf(member, member === 0 ? 1 : null));
    expect(await advantagesOf([], { trajectories: failed })).toEqual([null, null, null, null]);
  });

  it("prefers what the update gave its tokens", async () => {
    const trained = [
      {
        trajectoryId: members[1]?.id ?? trajectoryId(memberOf(1, 0).key),
        step: 1,
        advantages: [-2, -2, -1, -1, -3, -3],
        trainerLogProbs: null,
      },
    ];
    const advantages = await advantagesOf([], { trained });
    expect(advantages[1]).toBe(-2);
    expect(advantages[0]).toBeGreaterThan(0);
  });

  it("shows the group with its mean, and the neighbours in its list", async () => {
    const other = [0, 1].map((member) => memberOf(member, 0.1, { ...train, group: 1 }));
    const trajectories = [...members, ...other];
    const view = await viewOf(members[3] as StoredTrajectory, { trajectories });
    expect(view.group.map(({ member, reward }) => [member, reward])).toEqual([
      [0, 1.1],
      [1, 0.1],
      [2, null],
      [3, 0.1],
    ]);
    expect(view.groupMean).toBeCloseTo(1.3 / 3, 12);
    expect([view.previousId, view.nextId]).toEqual([members[2]?.id, other[0]?.id]);
    expect((await viewOf(members[0] as StoredTrajectory, { trajectories })).previousId).toBeNull();
    expect((await viewOf(other[1] as StoredTrajectory, { trajectories })).nextId).toBeNull();
  });

  it("names the same question at other checkpoints, and in other runs with the same questions", async () => {
    const manifest = { "problems.test": sha256("questions") };
    const [twin, stranger, here] = [
      runOf("twin", { manifest }),
      runOf("stranger", { manifest: {} }),
      runOf("tiny", { manifest }),
    ];
    const trajectories = [
      memberOf(0, 0.1, { runId: id, stage: "base", step: 0, purpose: "evaluation" }),
      ...members,
      memberOf(0, 1.1, { ...train, step: 2 }),
      memberOf(1, 1.1, { ...train, step: 2 }),
      memberOf(0, 1.1, { ...train, runId: twin.id }),
      memberOf(0, 0.1, { runId: twin.id, stage: "base", step: 0, purpose: "evaluation" }),
      memberOf(0, 1.1, { ...train, runId: stranger.id }),
    ];
    const problems = [id, twin.id, stranger.id].map((each) => ({ ...stored, runId: each }));
    const view = await viewOf(members[1] as StoredTrajectory, { runs: [here, twin, stranger], trajectories, problems });
    expect(view.others.map(({ runId: run, stage, step, member }) => [run, stage, step, member])).toEqual([
      ["tiny", "base", 0, 0],
      ["tiny", "grpo", 2, 0],
      ["twin", "base", 0, 0],
    ]);
  });
});

describe("tokensView", () => {
  const entry = memberOf(0, 1.1);
  const trained = [
    {
      trajectoryId: entry.id,
      step: 1,
      advantages: [1, 1, 1, 2, 2, Number.NaN],
      trainerLogProbs: [-1, -2, -3, -4, -5, -6],
    },
  ];
  const reads = readsOf({ runs: [runOf("tiny")], trajectories: [entry], trained });
  const page = async (query: Record<string, string>, spell = false) => {
    const view = await tokensView(reads, entry.id, {
      query: tokensQuery.parse(query),
      ...(spell ? { spellTokens: async (_policy, _run, ids) => ids.map((token) => `t${token}`) } : {}),
    });
    expect(tokenPageSchema.parse(view)).toEqual(view);
    return view;
  };

  it("aligns what is known of sampled tokens with all tokens", async () => {
    expect(await page({ from: "4", limit: "6" }, true)).toEqual({
      from: 4,
      to: 10,
      total: 12,
      ids: [21, 22, 30, 31, 32, 40],
      texts: ["t21", "t22", "t30", "t31", "t32", "t40"],
      segments: entry.trajectory.segments.slice(1),
      logProbs: [-1e-9, -0.1, null, null, null, -2.5],
      advantages: [1, 1, null, null, null, 2],
      trainerLogProbs: [-2, -3, null, null, null, -4],
    });
  });

  it("ends where the tokens end, and has no texts without a vocabulary", async () => {
    expect(await page({ from: "11", limit: "50" })).toMatchObject({
      from: 11,
      to: 12,
      ids: [42],
      texts: null,
      advantages: [null],
    });
    expect(await page({ from: "99" })).toMatchObject({ from: 12, to: 12, ids: [], segments: [] });
  });

  it("knows no trajectory that is not there", async () => {
    const absent = trajectoryId({ ...entry.key, member: 9 });
    await expect(tokensView(reads, absent, { query: tokensQuery.parse({}) })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(trajectoryView(reads, absent)).rejects.toMatchObject({ code: "not-found" });
  });

  it("says what can be shown of the tokens", async () => {
    const view = await trajectoryView(reads, entry.id, async () => []);
    expect(view.tokens).toEqual({
      total: 12,
      hasText: true,
      hasLogProbs: true,
      hasAdvantages: true,
      hasTrainerLogProbs: true,
    });
    expect(view.policy.version).toBe(policyVersion(0));
  });
});
