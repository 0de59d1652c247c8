/** One defect that the tests must find: a passage of the source, and what stands there instead. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Tests that must fail with it. */
  readonly tests: readonly string[];
}

const losses = {
  file: "packages/algorithms/src/token-loss.ts",
  tests: ["packages/algorithms/src/token-loss.test.ts"],
};
const aggregation = {
  file: "packages/algorithms/src/aggregation-weights.ts",
  tests: ["packages/algorithms/src/advantages.test.ts"],
};
const policyModel = ["packages/trainer/src/engine/policy-model.test.ts"];

/** Signs, shifts, masks, clips and denominators. */
export const mutations: readonly Mutation[] = [
  {
    name: "sign: PPO rewards what has a negative advantage",
    ...losses,
    from: "return { value: -ratio.value * advantage, derivative: -ratio.derivative * advantage, isClipped: false };\n}\n\n/** CISPO",
    to: "return { value: ratio.value * advantage, derivative: ratio.derivative * advantage, isClipped: false };\n}\n\n/** CISPO",
  },
  {
    name: "sign: the k3 estimate pushes away from the reference",
    file: "packages/algorithms/src/kl-term.ts",
    from: "derivative: -Math.expm1(-d)",
    to: "derivative: Math.expm1(-d)",
    tests: losses.tests,
  },
  {
    name: "sign: the entropy bonus is a penalty",
    ...losses,
    from: "-weight * entropyBonus",
    to: "weight * entropyBonus",
  },
  {
    name: "clip: the better of both ratios is taken",
    ...losses,
    from: "clipped * advantage < ratio.value * advantage",
    to: "clipped * advantage > ratio.value * advantage",
  },
  { name: "clip: the lower bound has the upper width", ...losses, from: "1 - spec.clipLow", to: "1 - spec.clipHigh" },
  {
    name: "clip: importance weights have a floor in place of a ceiling",
    ...losses,
    from: "const factor = Math.min(",
    to: "const factor = Math.max(",
  },
  {
    name: "denominator: a mean over trajectories in place of tokens",
    ...aggregation,
    from: "policyTokens.map(() => 1 / total)",
    to: "policyTokens.map(() => 1 / policyTokens.length)",
  },
  {
    name: "denominator: groups without variance leave it",
    file: "packages/experiment/src/stages/group-batch.ts",
    from: "const members = kept_P.flat();",
    to: "const members = kept_P.filter(varies).flat();",
    tests: ["packages/experiment/src/stages/group-batch.test.ts"],
  },
  {
    name: "shift: each token is scored from its own place",
    file: "packages/trainer/src/engine/policy-model.ts",
    from: "indexInRow(placed, position - 1)",
    to: "indexInRow(placed, position)",
    tests: policyModel,
  },
  {
    name: "mask: a packed sequence sees its neighbours",
    file: "packages/trainer/src/sequence/packed-row.ts",
    from: "mask.fill(0, token * length + branch.start + hidden,",
    to: "mask.fill(0, token * length,",
    tests: policyModel,
  },
  {
    name: "mask: what was retrieved is learned from",
    file: "packages/core/src/trajectory.ts",
    from: 'segment.kind === "action"',
    to: 'segment.kind !== "prompt"',
    tests: ["packages/experiment/src/stages/group-batch.test.ts"],
  },
];
