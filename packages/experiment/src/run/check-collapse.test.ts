import { LitmusError, type MetricRecord } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { tinyConfig, tinyContext, type TinyContext } from "../testing/build-context.ts";
import { checkCollapse } from "./check-collapse.ts";
import type { StepSummary } from "./run-event.ts";

const healthy: StepSummary = {
  step: 1,
  reward: 0.3,
  exactMatch: 0.3,
  meanKl: 1e-5,
  tokens: 400,
  seconds: 1,
  episodes: 8,
  failures: 0,
  droppedGroups: 0,
  zeroVarianceGroups: 1,
  searchesPerEpisode: 1.2,
  tokensPerEpisode: 50,
  gradientNorm: 1,
  learningRate: 1e-4,
  clipFraction: 0,
  updates: 1,
  problemsPassed: 8,
  versionsBehind: 0,
  weightMean: 1,
  weightDeviation: 0,
  effectiveShare: 1,
  refusedUpdates: 0,
  loss: 0,
  groups: 2,
  validActions: 0.9,
  entropy: 0.8,
};

/** A context whose stored steps are these, from 1. */
function contextAfter(steps: readonly Partial<StepSummary>[], overrides: readonly string[] = []): TinyContext {
  const rows = steps.flatMap((step, index): MetricRecord[] =>
    Object.entries({ ...healthy, ...step })
      .filter(([name, value]) => name !== "step" && value !== null)
      .map(([name, value]) => ({ runId: "tiny" as never, stage: "grpo", step: index + 1, name, value: Number(value) })),
  );
  const config = tinyConfig(["stages.1.steps=20", "limits.collapse.window=3", ...overrides]);
  return tinyContext({ config, store: { metrics: async () => rows } as never });
}

/** The alarm after steps that all show the same, the last of them not yet stored. */
async function alarmAfter(steps: readonly Partial<StepSummary>[], overrides: readonly string[] = []) {
  const context = contextAfter(steps.slice(0, -1), overrides);
  const error: unknown = await checkCollapse(context, "grpo", {
    ...healthy,
    ...steps.at(-1),
    step: steps.length,
  }).catch((cause: unknown) => cause);
  const alarm = context.events.find((event) => event.type === "alarm-raised")?.alarm ?? null;
  return { alarm, code: LitmusError.isInstance(error) ? error.code : null };
}

const repeat = (step: Partial<StepSummary>, count: number): Partial<StepSummary>[] =>
  Array.from({ length: count }, () => step);

describe("checkCollapse", () => {
  it.each([
    ["no-searches", { searchesPerEpisode: 0.02 }],
    ["invalid-actions", { validActions: 0.4 }],
    ["entropy-gone", { entropy: 0.001 }],
    ["no-variance", { zeroVarianceGroups: 1, droppedGroups: 1 }],
    ["length-drift", { tokensPerEpisode: 240 }],
    ["length-drift", { tokensPerEpisode: 10 }],
  ])("stops the run by %s when the whole window shows it", async (alarm, sign) => {
    expect(await alarmAfter([{}, ...repeat(sign, 3)])).toEqual({ alarm, code: "gate-failed" });
    expect(await alarmAfter([{}, {}, ...repeat(sign, 2)])).toEqual({ alarm: null, code: null });
    expect(await alarmAfter([{}, ...repeat(sign, 2), {}])).toEqual({ alarm: null, code: null });
  });

  it("takes a policy that is always right for no collapse", async () => {
    const solved = { zeroVarianceGroups: 2, exactMatch: 1 };
    expect(await alarmAfter(repeat(solved, 5))).toEqual({ alarm: null, code: null });
  });

  it("takes groups of one, which never vary, for no collapse", async () => {
    const alone = { groups: 8, episodes: 8, zeroVarianceGroups: 8 };
    expect(await alarmAfter(repeat(alone, 5))).toEqual({ alarm: null, code: null });
  });

  it("takes a policy that never searched, and steps that trained nothing, for no collapse", async () => {
    expect((await alarmAfter(repeat({ searchesPerEpisode: 0 }, 5))).alarm).toBeNull();
    expect((await alarmAfter(repeat({ entropy: null }, 5))).alarm).toBeNull();
  });

  it("looks for nothing when the limit is off", async () => {
    expect((await alarmAfter(repeat({ entropy: 0 }, 5), ["limits.collapse=null"])).alarm).toBeNull();
  });
});
