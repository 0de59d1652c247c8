import {
  attemptListSchema,
  attemptsQuery,
  problemListSchema,
  problemsQuery,
  problemViewSchema,
  type AttemptList,
  type ProblemList,
} from "@litmus/api";
import { problemId, recordId, runId, sha256, type RolloutKey, type StoredTrajectory } from "@litmus/core";
import { buildProblem, buildStoredTrajectory, buildTrajectory, createManualTiming } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createStoreReads } from "../store-reads.ts";
import { runOf } from "../testing/build-rows.ts";
import { readsOf, type Rows } from "../testing/reads-of.ts";
import { attemptsView } from "./attempts-view.ts";
import { problemView } from "./problem-view.ts";
import { problemsView } from "./problems-view.ts";

const id = runId("tiny");
const named = (name: string, overrides: object = {}) => ({
  ...buildProblem({ id: problemId(name), question: `Question ${name}?`, ...overrides }),
  split: "test",
  runId: id,
});
const problems = [named("a"), named("b", { goldRecordIds: [] }), named("c", { goldenAnswers: ["Vitamin C"] })];

interface Made {
  readonly problem?: string;
  readonly right: boolean | null;
  readonly query?: string;
  readonly shown?: string;
}

/** An episode that was right, wrong or failed, after one search. */
function made(
  key: Partial<RolloutKey>,
  { problem = "a", right, query = "gene", shown = "100" }: Made,
): StoredTrajectory {
  const base = buildTrajectory();
  const turns = base.turns.map((turn) =>
    turn.search === null
      ? turn
      : {
          ...turn,
          search: {
            ...turn.search,
            query,
            hits: turn.search.hits.map((hit) => ({ ...hit, recordId: recordId(shown) })),
          },
        },
  );
  const failure = { boundary: "retrieval", code: "search-timed-out", message: "late", retryable: true } as const;
  return buildStoredTrajectory({
    key: { runId: id, stage: "grpo", step: 1, ...key },
    problemId: problemId(problem),
    trajectory: { ...base, turns, outcome: right === null ? { type: "failed", failure } : base.outcome },
    reward:
      right === null
        ? null
        : {
            components: [{ name: "exactMatch", score: right ? 1 : 0, weight: 1, detail: "" }],
            total: right ? 1 : 0.1,
            scorer: "test-1",
          },
  });
}

const base = { stage: "base", step: 0, purpose: "evaluation" } as const;
const trajectories = [
  made(base, { right: false, query: "disease", shown: "7" }),
  made({ ...base, group: 1 }, { problem: "b", right: true }),
  made({ member: 0 }, { right: true }),
  made({ member: 1 }, { right: false, query: "disease" }),
  made({ member: 2 }, { right: null }),
  made({ stage: "grpo", step: 3, purpose: "evaluation" }, { right: true }),
  made({ stage: "grpo", step: 3, purpose: "evaluation", group: 1 }, { problem: "b", right: null }),
];
const rows = { runs: [runOf("tiny")], problems, trajectories };

describe("problemView", () => {
  const viewOf = async (name: string, some: Partial<Rows> = rows) => {
    const view = await problemView(readsOf(some), id, problemId(name));
    expect(problemViewSchema.parse(view)).toEqual(view);
    return view;
  };

  it("shows how the group's reward moved over the run", async () => {
    const { groups, attempts, problem } = await viewOf("a");
    expect(problem).toMatchObject({ id: "a", split: "test" });
    expect(groups).toEqual([
      { stage: "base", step: 0, purpose: "evaluation", group: 0, runStep: 0, mean: 0.1, rewards: [0.1], failed: 0 },
      {
        stage: "grpo",
        step: 1,
        purpose: "train",
        group: 0,
        runStep: 5,
        mean: 0.55,
        rewards: [1, 0.1, null],
        failed: 1,
      },
      { stage: "grpo", step: 3, purpose: "evaluation", group: 0, runStep: 7, mean: 1, rewards: [1], failed: 0 },
    ]);
    expect(attempts[3]).toMatchObject({
      reward: null,
      exactMatch: null,
      ending: { type: "failed", code: "search-timed-out" },
      foundGold: true,
    });
  });

  it("counts the queries, what they found and what they were worth", async () => {
    const { queries } = await viewOf("a");
    expect(queries).toEqual([
      { query: "gene", count: 3, foundGold: 3, meanReward: 1, firstStep: 5, lastStep: 7, example: trajectories[5]?.id },
      // Once without the gold record, 7 was shown.
      {
        query: "disease",
        count: 2,
        foundGold: 1,
        meanReward: 0.1,
        firstStep: 0,
        lastStep: 5,
        example: trajectories[3]?.id,
      },
    ]);
    expect((await viewOf("b")).queries[0]?.foundGold).toBeNull();
  });

  it("names other runs that were asked the same question, and none with another under its id", async () => {
    const manifest = { "problems.test": sha256("questions") };
    const others = ["twin", "changed"].map((name) => runOf(name, { manifest }));
    const view = await viewOf("a", {
      runs: [runOf("tiny", { manifest }), ...others],
      problems: [
        ...problems,
        { ...named("a"), runId: runId("twin") },
        { ...named("a", { question: "Another?" }), runId: runId("changed") },
      ],
      trajectories: [
        ...trajectories,
        ...["twin", "changed"].flatMap((name) => [
          made({ ...base, runId: runId(name) }, { right: true }),
          made({ runId: runId(name) }, { right: false }),
        ]),
      ],
    });
    expect(view.otherRuns).toMatchObject([{ run: { id: "twin" }, attempts: 2, exactMatch: 1 }]);
  });

  it("knows no problem that is not there", async () => {
    await expect(problemView(readsOf(rows), id, problemId("absent"))).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("problemsView", () => {
  const listOf = async (query: Record<string, string> = {}, some: Partial<Rows> = rows): Promise<ProblemList> => {
    const list = await problemsView(readsOf(some), id, problemsQuery.parse(query));
    expect(problemListSchema.parse(list)).toEqual(list);
    return list;
  };
  const ids = ({ problems: found }: ProblemList): string[] => found.map((one) => one.id);

  it("says what became of each problem", async () => {
    const { problems: found, total } = await listOf();
    expect(total).toBe(3);
    expect(
      found.map(({ id: name, attempts, firstReward, lastReward, lastExactMatch, failed }) => [
        name,
        attempts,
        firstReward,
        lastReward,
        lastExactMatch,
        failed,
      ]),
    ).toEqual([
      ["a", 5, 0.1, 1, 1, 1],
      // Its last evaluation failed: the one before it counts.
      ["b", 2, 1, 1, 1, 1],
      ["c", 0, null, null, null, 0],
    ]);
  });

  it("takes the first and the last reward of one measure", async () => {
    const sampled = { purpose: "evaluation-sampled" } as const;
    const [first, last] = [base, { ...base, stage: "grpo", step: 3 }] as const;
    const mixed = [
      made(first, { right: false }),
      made({ ...first, ...sampled }, { right: true }),
      made(last, { right: false }),
      made({ ...last, ...sampled }, { right: true }),
      // Of training alone.
      made({ step: 1, group: 1 }, { problem: "b", right: false }),
      made({ step: 2, group: 1 }, { problem: "b", right: true }),
      made({ ...last, ...sampled, group: 1 }, { problem: "b", right: false }),
    ];
    const { problems: found } = await listOf({}, { ...rows, trajectories: mixed });
    expect(found.map(({ firstReward, lastReward }) => [firstReward, lastReward])).toEqual([
      [0.1, 0.1],
      [0.1, 1],
      [null, null],
    ]);
  });

  it("sorts, searches and pages; what has no value stands last", async () => {
    expect(ids(await listOf({ sort: "change", order: "descending" }))).toEqual(["a", "b", "c"]);
    expect(ids(await listOf({ sort: "change" }))).toEqual(["b", "a", "c"]);
    expect(ids(await listOf({ sort: "attempts" }))).toEqual(["c", "b", "a"]);
    expect(ids(await listOf({ search: "vitamin" }))).toEqual(["c"]);
    expect(await listOf({ offset: "1", limit: "1" })).toMatchObject({
      problems: [{ id: "b" }],
      total: 3,
      offset: 1,
      limit: 1,
    });
    expect(ids(await listOf({ split: "train" }))).toEqual([]);
  });

  it("reads a step again when more of it is stored", async () => {
    const reads = readsOf(rows);
    const later = readsOf({
      ...rows,
      trajectories: [...trajectories.slice(0, 5), made({ member: 3 }, { right: true }), ...trajectories.slice(5)],
    });
    const query = problemsQuery.parse({});
    expect((await problemsView(reads, id, query)).problems[0]?.attempts).toBe(5);
    const shared = { ...later, store: Object.assign(reads.store, later.store) };
    expect((await problemsView(shared, id, query)).problems[0]?.attempts).toBe(6);
  });
});

describe("attemptsView", () => {
  const listOf = async (query: Record<string, string> = {}): Promise<AttemptList> => {
    const list = await attemptsView(readsOf(rows), id, attemptsQuery.parse(query));
    expect(attemptListSchema.parse(list)).toEqual(list);
    return list;
  };
  const found = async (query: Record<string, string>): Promise<string[]> =>
    (await listOf(query)).attempts.map(({ trajectoryId }) => trajectoryId);
  const idsOf = (...indices: readonly number[]): (string | undefined)[] =>
    indices.map((index) => trajectories[index]?.id);

  it("lists all with their questions, in the order of the store", async () => {
    const list = await listOf({ offset: "1", limit: "2" });
    expect(list).toMatchObject({ total: 7, offset: 1, limit: 2 });
    expect(list.attempts.map(({ question, trajectoryId }) => [question, trajectoryId])).toEqual([
      ["Question b?", trajectories[1]?.id],
      ["Question a?", trajectories[2]?.id],
    ]);
  });

  it.each([
    [{ stage: "grpo", step: "1" }, idsOf(2, 3, 4)],
    [{ purpose: "evaluation", problemId: "b" }, idsOf(1, 6)],
    [{ outcome: "right" }, idsOf(1, 2, 5)],
    [{ outcome: "wrong" }, idsOf(0, 3)],
    [{ outcome: "failed", purpose: "train" }, idsOf(4)],
    [{ failure: "retrieval/search-timed-out" }, idsOf(4, 6)],
    [{ failure: "policy/crashed" }, []],
    [{ failure: "retrieval/search-timed-out", outcome: "right" }, []],
  ])("finds %j", async (query, expected) => {
    expect(await found(query as Record<string, string>)).toEqual(expected);
    expect((await listOf({ ...(query as Record<string, string>), limit: "1" })).total).toBe(expected.length);
  });

  it("reads the problems of a page at once, and again only when the run changes", async () => {
    const { store } = readsOf(rows);
    let reads = 0;
    const counted = {
      ...store,
      problem: () => Promise.reject(new Error("read one by one")),
      problems: (...asked: Parameters<typeof store.problems>) => {
        reads += 1;
        return store.problems(...asked);
      },
    };
    const remembering = createStoreReads({ store: counted, timing: createManualTiming() });
    for (const limit of ["1", "7"]) await attemptsView(remembering, id, attemptsQuery.parse({ limit }));
    expect(reads).toBe(1);
  });

  it("gives null for what is stored as no number, and all else of the list", async () => {
    const broken = made({ group: 9 }, { right: true });
    const { usage, timing } = broken.trajectory;
    const entry: StoredTrajectory = {
      ...broken,
      trajectory: {
        ...broken.trajectory,
        usage: { ...usage, searches: Number.NaN, sampledTokens: Infinity },
        timing: { ...timing, durationMs: Number.NaN },
      },
      reward: broken.reward && {
        ...broken.reward,
        total: Number.NaN,
        components: broken.reward.components.map((component) => ({ ...component, score: Number.NaN })),
      },
    };
    const some = { ...rows, trajectories: [entry, ...trajectories] };
    const list = await attemptsView(readsOf(some), id, attemptsQuery.parse({}));
    const sent = attemptListSchema.parse(JSON.parse(JSON.stringify(list)));
    const nothing = { reward: null, exactMatch: null, searches: null, sampledTokens: null, durationMs: null };
    expect(sent.attempts[0]).toMatchObject({ question: "Question a?", ...nothing });
    expect(sent.attempts.slice(1)).toEqual((await listOf()).attempts);
    const { problems: found } = await problemsView(readsOf(some), id, problemsQuery.parse({}));
    expect(found[0]).toMatchObject({ attempts: 6, firstReward: 0.1, lastReward: 1, failed: 2 });
  });
});
