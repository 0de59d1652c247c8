import { chatIdentity, type StoredTrajectory } from "@litmus/core";
import { buildReward, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tinyConfig } from "../testing/build-context.ts";
import { isReinforcement } from "../config/schema.ts";
import { buildGroupBatch, probeOf, toDatum, type BatchSettings } from "./group-batch.ts";

function settingsOf(overrides: readonly string[]): BatchSettings {
  const config = tinyConfig(overrides.map((each) => `stages.1.${each}`)).stages[1];
  if (config === undefined || !isReinforcement(config)) throw new Error("the tiny experiment has no such stage");
  return { config, maxPolicyTokens: 40 };
}
const stage = (aggregation: "token-mean" | "sequence-mean"): BatchSettings =>
  settingsOf(["advantage=group-centred", `aggregation=${aggregation}`]);
const byToken = stage("token-mean");

/** Groups of trajectories with these returns, null for a failed one; each has six policy tokens. */
const groupsOf = (returns: readonly (readonly (number | null)[])[]): StoredTrajectory[][] =>
  returns.map((group, g) => group.map((total, member) => entry({ group: g, member, total })));

function entry({ group, member, total }: { group: number; member: number; total: number | null }): StoredTrajectory {
  return buildStoredTrajectory({ key: { group, member }, reward: total === null ? null : buildReward({ total }) });
}

/** An action of this many tokens after a prompt of two. */
function ofLength(base: StoredTrajectory, length: number): StoredTrajectory {
  const trajectory = buildTrajectory({
    tokens: Array.from({ length: length + 2 }, (_, i) => i),
    segments: [
      { kind: "prompt", start: 0, end: 2, turn: 0 },
      { kind: "action", start: 2, end: length + 2, turn: 0 },
    ],
    logProbs: Array.from({ length }, () => -1),
  });
  return { ...base, trajectory };
}

/** As a chat model would have left it: turns, a reward, and no token. */
function ofChatModel(base: StoredTrajectory): StoredTrajectory {
  const none = { tokens: [], segments: [], logProbs: [] };
  return { ...base, trajectory: buildTrajectory({ ...none, policy: chatIdentity("some-model") }) };
}

const advantagesOf = (batch: ReturnType<typeof buildGroupBatch>): (number | undefined)[] =>
  batch.map((datum) => datum.advantages[0]);

describe("buildGroupBatch", () => {
  it("refuses what a chat model wrote, in place of training on nothing", () => {
    const [group = []] = groupsOf([[1, 0, 0, 0]]);
    const mixed = group.with(2, ofChatModel(group[2]!));
    for (const make of [() => buildGroupBatch([mixed], byToken), () => probeOf([mixed]), () => toDatum(mixed[2]!)])
      expect(make).toThrowError(
        expect.objectContaining({ code: "incompatible", message: expect.stringContaining("chat:some-model") }),
      );
  });

  it("centres each return on its group, and gives it to every token that the policy sampled", () => {
    const [group] = groupsOf([[1, 0, 0, 0]]);
    const data = buildGroupBatch([group ?? []], byToken);
    expect(data.map((datum) => datum.advantages[0])).toEqual([0.75, -0.25, -0.25, -0.25]);
    for (const [index, datum] of data.entries()) {
      const { id, trajectory } = (group ?? [])[index] as StoredTrajectory;
      expect(datum).toMatchObject({
        id,
        tokens: trajectory.tokens,
        behaviourLogProbs: trajectory.logProbs,
        oldLogProbs: null,
        referenceLogProbs: null,
      });
      // Neither the prompt, tokens 0 to 2, nor the observation, 6 to 8.
      expect(datum.positions).toEqual([3, 4, 5, 9, 10, 11]);
      expect(new Set(datum.advantages).size).toBe(1);
      expect([datum.advantages.length, datum.weights.length]).toEqual([datum.positions.length, datum.positions.length]);
    }
  });

  it("keeps groups without variance in the denominators, and only there", () => {
    const data = buildGroupBatch(
      groupsOf([
        [1, 0],
        [0.1, 0.1],
        [0, 0],
      ]),
      byToken,
    );
    expect(data.length).toBe(2);
    for (const weight of data.flatMap((datum) => datum.weights)) expect(weight).toBeCloseTo(1 / 36, 15);
  });

  it("keeps a member of average return in the denominators", () => {
    const data = buildGroupBatch(groupsOf([[1, 0.5, 0]]), byToken);
    expect(data.length).toBe(2);
    expect(data[0]?.weights[0]).toBeCloseTo(1 / 18, 15);
  });

  it("weighs sequences alike when asked to", () => {
    const [[first, second] = []] = groupsOf([[1, 0]]);
    const group = [ofLength(first as StoredTrajectory, 10), ofLength(second as StoredTrajectory, 2)];
    const sums = buildGroupBatch([group], stage("sequence-mean")).map(({ weights }) =>
      weights.reduce((sum, each) => sum + each, 0),
    );
    for (const sum of sums) expect(sum).toBeCloseTo(1 / 2, 12);
    const tokens = buildGroupBatch([group], byToken).flatMap(({ weights }) => weights);
    expect(tokens).toHaveLength(12);
    for (const weight of tokens) expect(weight).toBeCloseTo(1 / 12, 15);
  });

  it("centres on the survivors while half the members and two remain, and drops the group with fewer", () => {
    const half = buildGroupBatch(groupsOf([[1, null, 0, null]]), byToken);
    expect(advantagesOf(half)).toEqual([0.5, -0.5]);
    const fewer = buildGroupBatch(
      groupsOf([
        [1, null, null, null],
        [1, 0],
        [1, null],
      ]),
      byToken,
    );
    expect(fewer.map((datum) => datum.weights[0])).toEqual([1 / 12, 1 / 12]);
  });

  it("never takes a failure, or an episode in which nothing was sampled, for a return of 0", () => {
    const [[first, second, third] = []] = groupsOf([[1, 0.1, 0]]);
    const silent = {
      ...(third as StoredTrajectory),
      trajectory: buildTrajectory({
        tokens: [2],
        segments: [{ kind: "prompt", start: 0, end: 1, turn: 0 }],
        logProbs: [],
      }),
    };
    const batch = buildGroupBatch([[first as StoredTrajectory, second as StoredTrajectory, silent]], byToken);
    for (const advantage of advantagesOf(batch)) expect(Math.abs(advantage ?? 0)).toBeCloseTo(0.45, 12);
  });

  it("has nothing to learn where every group failed", () => {
    expect(
      buildGroupBatch(
        groupsOf([
          [null, null],
          [1, null],
        ]),
        byToken,
      ),
    ).toEqual([]);
  });

  it("gives every group weighted advantages that sum to 0, and weights that sum to 1 with what is left out", () => {
    const returns = fc.array(fc.array(fc.constantFrom(0, 0.1, 1, 1.1, null), { minLength: 2, maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(returns, (all) => {
        const groups = groupsOf(all);
        const data = buildGroupBatch(groups, byToken);
        const survivors = groups.map((group) => group.filter(({ reward }) => reward !== null).length);
        const kept = survivors
          .filter((count, g) => count >= 2 && 2 * count >= (groups[g]?.length ?? 0))
          .reduce((sum, count) => sum + count, 0);
        for (const group of groups) {
          const ids = new Set<string>(group.map(({ id }) => id));
          const own = data.filter(({ id }) => ids.has(id));
          expect(
            own.reduce((sum, { advantages, weights }) => sum + (advantages[0] ?? 0) * (weights[0] ?? 0), 0),
          ).toBeCloseTo(0, 12);
        }
        for (const weight of data.flatMap((datum) => datum.weights)) expect(weight * 6 * kept).toBeCloseTo(1, 9);
      }),
    );
  });

  it.each([
    ["grpo", (group: readonly number[]) => group.map((value) => (value - 0.25) / (0.5 + 1e-6)), 1 / (4 * 6)],
    ["dr-grpo", (group: readonly number[]) => group.map((value) => value - 0.25), 1 / (4 * 40)],
    ["rloo", (group: readonly number[]) => group.map((value) => ((value - 0.25) * 4) / 3), 1 / (4 * 40)],
    ["reinforce", (group: readonly number[]) => group.map((value) => value - 0.25), 1 / (4 * 40)],
    ["dapo", (group: readonly number[]) => group.map((value) => (value - 0.25) / (0.5 + 1e-6)), 1 / 24],
  ] as const)("%s has the advantages and weights of its paper", (type, expected, weight) => {
    const data = buildGroupBatch(groupsOf([[1, 0, 0, 0]]), settingsOf([`type=${type}`]));
    expected([1, 0, 0, 0]).forEach((value, i) => expect(data[i]?.advantages[0]).toBeCloseTo(value, 12));
    expect(data[0]?.weights[0]).toBeCloseTo(weight, 15);
  });

  it("takes the overlong penalty and the distance from the reference off the return", () => {
    const [[first, second] = []] = groupsOf([[1, 1]]);
    const group = [ofLength(first as StoredTrajectory, 10), ofLength(second as StoredTrajectory, 15)];
    const overlong = settingsOf(["advantage=group-centred", "overlong={maxTokens: 20, margin: 10}"]);
    expect(advantagesOf(buildGroupBatch([group], overlong))).toEqual([0.25, -0.25]);
    const far = { ...byToken, klPenalty: (entry: StoredTrajectory) => (entry === group[0] ? 0.5 : 0) };
    const batch = buildGroupBatch([group], far);
    expect(advantagesOf(batch)).toEqual([-0.25, 0.25]);
  });

  it("keeps trajectories of advantage 0 where a KL or entropy term gives them a gradient", () => {
    const groups = groupsOf([
      [1, 1],
      [1, 0],
    ]);
    expect(buildGroupBatch(groups, settingsOf([]))).toHaveLength(2);
    expect(buildGroupBatch(groups, settingsOf(["entropyBonus=0.01"]))).toHaveLength(4);
    expect(buildGroupBatch(groups, settingsOf(["kl={coefficient: 0.01}"]))).toHaveLength(4);
    expect(buildGroupBatch(groups, settingsOf(["kl={coefficient: 0.01, in: reward}"]))).toHaveLength(2);
  });

  it("trains on what was retrieved only where the ablation asks for it, without the sampler's log-probabilities", () => {
    const groups = groupsOf([[1, 0]]);
    const [datum] = buildGroupBatch(groups, settingsOf(["trainObservations=true", "truncation=null"]));
    const { segments, tokens } = groups[0]![0]!.trajectory;
    const retrieved = segments.filter(({ kind }) => kind === "observation");
    expect(datum?.positions).toEqual(tokens.map((_, i) => i).slice(3));
    expect(retrieved.every(({ start }) => datum?.positions.includes(start))).toBe(true);
    expect(datum?.behaviourLogProbs).toBeNull();
    expect(datum?.weights.length).toBe(datum?.positions.length);
  });

  it("learns from groups of one where the batch is the baseline", () => {
    const single = settingsOf(["type=reinforce", "groupSize=1"]);
    expect(advantagesOf(buildGroupBatch(groupsOf([[1], [0], [null]]), single))).toEqual([0.5, -0.5]);
  });
});

describe("probeOf", () => {
  it("takes some trajectories with the sampler's log-probabilities, failed ones never", () => {
    const groups = groupsOf([
      [1, 1, null],
      [null, null, 0],
      [0, 0, 0],
    ]);
    const probe = probeOf(groups);
    expect(probe.map(({ id }) => id)).toEqual([
      groups[0]?.[0]?.id,
      groups[0]?.[1]?.id,
      groups[2]?.[0]?.id,
      groups[2]?.[1]?.id,
    ]);
    expect(probe.every(({ behaviourLogProbs }) => behaviourLogProbs !== null)).toBe(true);
  });
});
