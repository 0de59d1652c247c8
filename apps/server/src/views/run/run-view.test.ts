import { runViewSchema, type Control, type RunView } from "@litmus/api";
import { policyVersion, runId, sha256, type MetricRecord, type RunId } from "@litmus/core";
import { wilsonInterval } from "@litmus/algorithms";
import { buildReward, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { checkpointOf, evaluationOf, metricsAt, runOf } from "../testing/build-rows.ts";
import { readsOf, type Rows } from "../testing/reads-of.ts";
import { runView } from "./run-view.ts";

const id = runId("tiny");
const control: Control = { state: "running", actions: ["pause"], reason: null, resumeCommand: null };

async function viewOf(
  rows: Partial<Rows>,
  { at = "2026-01-01T00:10:00.000Z", against = undefined as string | undefined } = {},
): Promise<RunView> {
  const query = against === undefined ? {} : { against };
  const view = await runView(readsOf(rows), rows.runs?.[0]?.id ?? id, { query, control, now: new Date(at) });
  expect(runViewSchema.parse(view)).toEqual(view);
  return view;
}

const healthy = {
  gradientNorm: 1,
  reward: 0.3,
  exactMatch: 0.3,
  meanKl: 1e-5,
  loss: 0.1,
  seconds: 6,
  episodes: 8,
  failures: 0,
  droppedGroups: 0,
  zeroVarianceGroups: 1,
  groups: 2,
  searchesPerEpisode: 1.2,
  tokensPerEpisode: 50,
  validActions: 0.9,
  entropy: 0.8,
  clipFraction: 0,
  versionsBehind: 0,
  refusedUpdates: 0,
};

/** Reinforcement steps from 1, each healthy but for what is given. */
const steps = (run: RunId, ...some: readonly Partial<Record<keyof typeof healthy, number>>[]): MetricRecord[] =>
  some.flatMap((values, i) => metricsAt(run, { stage: "grpo", step: i + 1 }, { ...healthy, ...values }));

const supervised = [1, 2, 3, 4].flatMap((step) =>
  metricsAt(id, { stage: "sft", step }, { loss: 1, seconds: 2, tokens: 9 }),
);
const long = { set: ["stages.1.steps=20", "limits.collapse.window=3"] };

describe("runView: progress and cost", () => {
  it("says how far each stage is, and how long the rest takes at its pace", async () => {
    const view = await viewOf({
      runs: [runOf("tiny")],
      metrics: [...supervised, ...steps(id, { seconds: 5 }, { seconds: 7 })],
    });
    expect(view.progress).toEqual({
      stage: "grpo",
      step: 2,
      steps: 3,
      doneSteps: 6,
      totalSteps: 7,
      secondsLeft: 6,
      updatedAt: "2026-01-01T00:00:00.000Z",
    });
    expect(view.stages).toEqual([
      { name: "sft", type: "sft", steps: 4, done: 4, firstStep: 1, seconds: 8 },
      { name: "grpo", type: "grpo", steps: 3, done: 2, firstStep: 5, seconds: 12 },
    ]);
    expect(view.control).toEqual(control);
  });

  it("reckons a stage that has no step yet at the pace of all, and tells nothing of a run that has ended", async () => {
    const begun = await viewOf({ runs: [runOf("tiny")], metrics: supervised.slice(0, 3) });
    // Three of four steps, and three steps of the next stage, 2 s each.
    expect(begun.progress).toMatchObject({ stage: "sft", step: 1, secondsLeft: 12 });
    expect((await viewOf({ runs: [runOf("tiny")] })).progress.secondsLeft).toBeNull();
    expect(
      (await viewOf({ runs: [runOf("tiny", { status: "interrupted" })], metrics: supervised })).progress.secondsLeft,
    ).toBeNull();
  });

  it("adds up what was sampled and what failed, and takes the time that processes stored", async () => {
    const key = { runId: id, stage: "grpo", step: 1 };
    const trajectories = [
      buildStoredTrajectory({ key }),
      buildStoredTrajectory({
        key: { ...key, member: 1 },
        reward: null,
        rewardFailure: { boundary: "reward", code: "broken", message: "why", retryable: false },
      }),
    ];
    const used = [1, 2].flatMap((step) => metricsAt(id, { stage: "run", step }, { seconds: 100, peakRssGiB: step }));
    const view = await viewOf({ runs: [runOf("tiny")], trajectories, metrics: [...steps(id, {}), ...used] });
    expect(view.cost).toEqual({ seconds: 200, sampledTokens: 12, trajectories: 2, failed: 1, peakRssGiB: 2 });
    expect(view.stopReasons).toEqual({ "train/completed": 1 });
    // The trajectory began at midnight, and took 12.5 ms.
    expect(view.progress.updatedAt).toBe("2026-01-01T00:00:00.012Z");
  });

  it("groups failures by boundary and code, with the newest examples", async () => {
    const failed = (member: number, code: string) =>
      buildStoredTrajectory({
        key: { runId: id, stage: "grpo", step: 1, member },
        reward: null,
        trajectory: buildTrajectory({
          outcome: {
            type: "failed",
            failure: { boundary: "retrieval", code, message: `${code} ${member}`, retryable: true },
          },
          timing: { startedAt: `2026-01-01T00:00:0${member}.000Z`, durationMs: 1 },
        }),
      });
    const trajectories = [
      failed(0, "rare"),
      ...[1, 2, 3, 4, 5, 6].map((member) => failed(member, "often")),
      buildStoredTrajectory({ key: { runId: id, member: 9 } }),
    ];
    const { failures } = await viewOf({ runs: [runOf("tiny")], trajectories });
    expect(failures).toEqual([
      {
        boundary: "retrieval",
        code: "often",
        message: "often 6",
        count: 6,
        share: 6 / 8,
        examples: [6, 5, 4, 3, 2].map((member) => trajectories[member]?.id),
      },
      {
        boundary: "retrieval",
        code: "rare",
        message: "rare 0",
        count: 1,
        share: 1 / 8,
        examples: [trajectories[0]?.id],
      },
    ]);
  });
});

describe("runView: scores", () => {
  const evaluations = [
    evaluationOf(id, { stage: "grpo", step: 3 }, [1, 1, 1, 1]),
    evaluationOf(id, { stage: "eval-test", step: 2 }, [1, 0, 0, null], { goldRecall: null }),
    evaluationOf(id, { stage: "base", step: 0 }, [0, 0, 0, 0]),
    evaluationOf(id, { stage: "sft", step: 4 }, [1, 0, 0, null], {
      sampled: {
        k: 4,
        n: 3,
        failed: 1,
        exactMatch: 0.25,
        ci95: { low: 0.1, high: 0.6 },
        passAtK: 0.5,
        completeQuestions: 2,
      },
    }),
  ];
  const checkpoints = [checkpointOf(id, { stage: "sft", step: 2 }, 1), checkpointOf(id, { stage: "sft", step: 4 }, 2)];

  it("lists evaluations in the order of the run, with their versions", async () => {
    const view = await viewOf({ runs: [runOf("tiny")], evaluations, checkpoints });
    expect(view.evaluations.map(({ stage, step, version }) => [stage, step, version])).toEqual([
      ["base", 0, 0],
      ["sft", 4, 2],
      // No checkpoint says what was scored.
      ["grpo", 3, null],
      ["eval-test", 2, 2],
    ]);
    const [, sft] = view.evaluations;
    expect(sft).toMatchObject({
      failed: 1,
      goldRecall: { value: 0.5, n: 3 },
      searchesPerQuestion: 1.5,
      exactMatch: { value: 1 / 3, n: 3 },
    });
    expect(sft?.sampled).toEqual({
      k: 4,
      exactMatch: { value: 0.25, n: 3, ci95: { low: 0.1, high: 0.6 } },
      failed: 1,
      passAtK: { value: 0.5, n: 2, ci95: wilsonInterval(1, 2) },
    });
    expect(sft?.goldRecall.ci95).toEqual(wilsonInterval(1.5, 3));
    expect(view.evaluations[3]?.goldRecall).toEqual({ value: null, n: 0, ci95: null });
    expect(view.checkpoints[1]).toMatchObject({
      stage: "sft",
      step: 4,
      version: 2,
      sha256: sha256("adapter 2"),
      parentSha256: sha256("adapter 1"),
    });
    expect(view.progress.updatedAt).toBe("2026-01-01T00:02:00.000Z");
  });

  it("says in words what each stage brought", async () => {
    const { gains } = await viewOf({ runs: [runOf("tiny")], evaluations, checkpoints });
    expect(gains.map(({ from, to, measure, n }) => [from, to, measure, n])).toEqual([
      ["base", "sft", "greedy", 3],
      ["sft", "grpo", "greedy", 3],
    ]);
    expect(gains[0]?.difference).toBeCloseTo(1 / 3, 12);
    expect(gains[0]?.sentence).toContain("SFT changed greedy exact match against base by +0.333");
  });

  it("names what can be drawn, those of the board first and what it does not know last", async () => {
    const odd = metricsAt(id, { stage: "grpo", step: 1 }, { "my metric": 1 });
    const { metrics } = await viewOf({
      runs: [runOf("tiny")],
      evaluations,
      metrics: [...steps(id, {}), ...odd, ...metricsAt(id, { stage: "run", step: 1 }, { downloadSeconds: 3 })],
    });
    const names = metrics.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["reward", "evaluation.exactMatch", "exactMatch"]);
    expect(metrics.at(-1)).toMatchObject({ name: "my metric", label: "my metric", group: "other" });
    expect(names).toContain("evaluation.sampled");
    expect(names).not.toContain("downloadSeconds");
  });
});

describe("runView: alarms", () => {
  const alarmsOf = async (
    some: readonly Partial<Record<keyof typeof healthy, number>>[],
    { set = [] as readonly string[], ...rest }: Partial<Rows> & { set?: readonly string[] } = {},
  ) =>
    (await viewOf({ runs: [runOf("tiny", { set: [...long.set, ...set] })], metrics: steps(id, ...some), ...rest }))
      .alarms;

  it("raises none on a healthy run", async () => {
    expect(await alarmsOf([{}, {}, {}, {}])).toEqual([]);
  });

  it.each([
    ["no-searches", { searchesPerEpisode: 0 }],
    ["invalid-actions", { validActions: 0.2 }],
    ["entropy-gone", { entropy: 0 }],
    ["no-variance", { zeroVarianceGroups: 2 }],
    ["length-drift", { tokensPerEpisode: 500 }],
  ])("tells %s, graver the longer it lasts", async (name, sign) => {
    const severities = [];
    for (const last of [1, 2, 3]) {
      const alarms = await alarmsOf([{}, {}, ...Array.from({ length: last }, () => sign)]);
      expect(alarms.map((alarm) => alarm.name)).toEqual([name]);
      expect(alarms[0]).toMatchObject({ stage: "grpo", step: 2 + last });
      severities.push(alarms[0]?.severity);
    }
    expect(severities).toEqual(["note", "warning", "critical"]);
    expect((await alarmsOf([{}, sign, sign, {}])).length).toBe(0);
  });

  it("says since when, and what to do", async () => {
    const [alarm] = await alarmsOf([{}, {}, { entropy: 0 }, { entropy: 0 }]);
    expect(alarm?.message).toBe(
      "The policy has no entropy left, for 2 steps, since grpo step 3; after 3 in a row the run stops. " +
        "To do: look at the learning rate, and at whether the reward still rises.",
    );
  });

  it.each([
    ["many-failures", { failures: 1 }, "warning"],
    ["many-failures", { failures: 2 }, "critical"],
    ["sampler-trainer-kl", { meanKl: 0.01 }, "warning"],
    ["many-clipped", { clipFraction: 0.4 }, "warning"],
    ["refused-updates", { refusedUpdates: 1 }, "warning"],
    ["not-finite", { gradientNorm: Infinity }, "critical"],
  ])("tells %s", async (name, sign, severity) => {
    const alarms = await alarmsOf([{}, {}, { ...sign }]);
    expect(alarms).toMatchObject([{ name, severity, stage: "grpo", step: 3 }]);
  });

  it("takes the distance of stale samples for no disagreement, and groups that were solved for no fault", async () => {
    expect(await alarmsOf([{}, { meanKl: 0.01, versionsBehind: 1 }])).toEqual([]);
    const flat = { groups: 8, episodes: 64, zeroVarianceGroups: 7 };
    expect(await alarmsOf([flat, flat])).toMatchObject([{ name: "little-variance", severity: "warning" }]);
    expect(await alarmsOf([{ ...flat, exactMatch: 1 }])).toEqual([]);
  });

  it("tells failed questions, a score that fell, and a run that failed", async () => {
    const evaluations = [
      evaluationOf(
        id,
        { stage: "base", step: 0 },
        Array.from({ length: 40 }, () => 1 as const),
      ),
      evaluationOf(
        id,
        { stage: "grpo", step: 3 },
        Array.from({ length: 40 }, (_, i) => (i < 8 ? null : 0)),
      ),
    ];
    const alarms = await alarmsOf([{}], { evaluations });
    expect(alarms).toMatchObject([
      { name: "evaluation-failures", stage: "grpo", step: 3 },
      { name: "score-fell", stage: "grpo", step: 3 },
    ]);
    expect(alarms[1]?.message).toContain("a loss");
    const { alarms: failed } = await viewOf({ runs: [runOf("tiny", { status: "failed" })], metrics: supervised });
    expect(failed).toMatchObject([{ name: "run-failed", severity: "critical", stage: "sft", step: 4 }]);
  });

  it("notes that nothing was stored for long, but not within ten steps' time", async () => {
    const slow = (seconds: number) => ({
      runs: [runOf("tiny", long)],
      metrics: steps(id, ...Array.from({ length: 12 }, () => ({ seconds }))),
    });
    const at = "2026-01-01T01:00:00.000Z";
    expect((await viewOf(slow(60), { at })).alarms).toMatchObject([{ name: "no-change", severity: "note" }]);
    expect((await viewOf(slow(400), { at })).alarms).toEqual([]);
    expect((await viewOf(slow(60), { at: "2026-01-01T00:29:00.000Z" })).alarms).toEqual([]);
  });
});

describe("runView: silence of a supervised stage", () => {
  const set = ["stages.0.steps=200", "stages.0.checkpointEvery=50"];
  const taught = (last: number): MetricRecord[] =>
    Array.from({ length: last }, (_, i) =>
      metricsAt(id, { stage: "sft", step: i + 1 }, { loss: 1, seconds: 60 }),
    ).flat();
  // The checkpoint of step 50 is of 00:01.
  const alarmsAt = async (at: string, last: number) =>
    (
      await viewOf(
        {
          runs: [runOf("tiny", { set })],
          metrics: taught(last),
          checkpoints: [checkpointOf(id, { stage: "sft", step: 50 }, 1)],
        },
        { at },
      )
    ).alarms;

  it("is none between two checkpoints, whose steps are stored all the same", async () => {
    expect(await alarmsAt("2026-01-01T00:45:00.000Z", 94)).toEqual([]);
    expect(await alarmsAt("2026-01-01T00:55:00.000Z", 99)).toEqual([]);
  });

  it("is one where a checkpoint is ten steps late", async () => {
    expect(await alarmsAt("2026-01-01T01:02:00.000Z", 70)).toMatchObject([{ name: "no-change", severity: "note" }]);
  });
});

describe("runView: config and kin", () => {
  const head = (view: RunView["seeds"][number]): string => view.id;

  it("finds the runs that differ in the seed alone, and the run of its name before it", async () => {
    const runs = [
      runOf("tiny-3", { set: ["seed=3"], createdAt: "2026-01-03T00:00:00.000Z" }),
      runOf("tiny-2", { set: ["seed=2", "stages.1.steps=5"], createdAt: "2026-01-02T00:00:00.000Z" }),
      runOf("tiny", { createdAt: "2026-01-01T00:00:00.000Z" }),
    ];
    const view = await viewOf({ runs });
    expect(view.seeds.map(head)).toEqual(["tiny", "tiny-3"]);
    expect(view.config.parent).toMatchObject({ run: { id: "tiny-2", seed: 2 }, reason: "the run of tiny before it" });
    expect(view.config.differences).toEqual([
      { path: "seed", before: "2", after: "3" },
      { path: "stages.1.steps", before: "5", after: "3" },
    ]);
    expect((await viewOf({ runs }, { against: "tiny" })).config.differences).toEqual([
      { path: "seed", before: "1", after: "3" },
    ]);
  });

  it("takes for parent the run whose adapter it imported", async () => {
    const adapter = { version: policyVersion(2), path: "adapters/2.gguf", sha256: sha256("its adapter") };
    const source = runOf("source", { name: "source" });
    const child = runOf("child", {
      createdAt: "2026-01-02T00:00:00.000Z",
      manifest: { ...source.manifest, "adapter.0": sha256(sha256("its adapter")) },
    });
    const versions = [
      { runId: source.id, version: policyVersion(2), adapter, parentSha256: null, stage: "grpo", step: 1 },
    ];
    const { config } = await viewOf({ runs: [child, runOf("before"), source], versions });
    expect(config.parent).toMatchObject({
      run: { id: "source" },
      reason: "its version 2 is the adapter that was imported",
    });
  });

  it("shows a run without a config, as questions that were asked have", async () => {
    const view = await viewOf({ runs: [runOf("tiny", { config: {} })], metrics: supervised });
    expect(view).toMatchObject({ stages: [], evaluations: [], limits: [], idSpace: "own" });
    expect(view.config).toEqual({ leaves: [], parent: null, differences: [] });
  });

  it("knows no run that is not there", async () => {
    await expect(runView(readsOf({}), id, { query: {}, control })).rejects.toMatchObject({ code: "not-found" });
  });

  it("says what must be known of the data, and whether its ids may be linked", async () => {
    const view = await viewOf({
      runs: [runOf("tiny")],
      trajectories: [buildStoredTrajectory({ reward: buildReward() })],
    });
    expect(view.idSpace).toBe("pubmed");
    expect(view.limits[0]).toContain("the corpus is tiny");
  });
});
