import { grad, lax, numpy as np, vjp } from "@jax-js/jax";
import { LitmusError } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { largestDifference, randomInputs, runInJax, runLowered } from "../testing/run-program.ts";
import { eliminateZeros } from "./eliminate-zeros.ts";
import { lowerProgram } from "./lower-program.ts";
import type { ArrayTree, ShapeTree } from "./trace-program.ts";
import { traceProgram } from "./trace-program.ts";

type In = Record<"x" | "y", np.Array>;
const x = [3, 4];
const cases: readonly (readonly [string, ShapeTree, (inputs: In) => np.Array])[] = [
  ["add", { x, y: x }, ({ x, y }) => x.add(y)],
  ["add with broadcasting", { x, y: [4] }, ({ x, y }) => x.add(y)],
  ["add of a row and a column", { x: [3, 1], y: [4] }, ({ x, y }) => x.add(y)],
  ["mul by a number", { x }, ({ x }) => x.mul(3.5)],
  ["sub", { x, y: x }, ({ x, y }) => x.sub(y)],
  ["min and max", { x, y: x }, ({ x, y }) => np.minimum(x.ref, y.ref).add(np.maximum(x, y).mul(10))],
  ["max of a number", { x }, ({ x }) => np.maximum(x, 0.7)],
  ["exp, log", { x }, ({ x }) => np.exp(np.log(x.ref).add(x))],
  ["reciprocal, sqrt", { x }, ({ x }) => np.reciprocal(np.sqrt(x))],
  ["sin, cos, neg", { x }, ({ x }) => np.sin(x.ref).add(np.cos(x).neg())],
  ["transpose", { x: [2, 3, 4] }, ({ x }) => np.transpose(x, [2, 0, 1])],
  [
    "transpose of a broadcast",
    { x, y: [4, 5, 3] },
    ({ x, y }) => np.transpose(np.broadcastTo(x, [5, 3, 4]), [2, 0, 1]).mul(y),
  ],
  ["a broadcast of an axis of size 1", { x: [3, 1], y: x }, ({ x, y }) => np.broadcastTo(x, [2, 3, 4]).mul(y)],
  ["a broadcast that is the result", { x: [4] }, ({ x }) => np.broadcastTo(x, [2, 3, 4])],
  ["reshape", { x }, ({ x }) => np.reshape(x, [2, 6])],
  ["reshape after transpose", { x }, ({ x }) => np.reshape(np.transpose(x), [2, 6])],
  ["reshape that adds and drops axes of size 1", { x: [3, 1, 4] }, ({ x }) => np.reshape(x, [1, 3, 4, 1])],
  ["reshape of a broadcast", { x: [4] }, ({ x }) => np.reshape(np.broadcastTo(x, [3, 4]), [12])],
  ["sum over a middle axis", { x: [2, 3, 4] }, ({ x }) => np.sum(x, 1)],
  ["sum of a broadcast", { x: [4] }, ({ x }) => np.sum(np.broadcastTo(x, [3, 4]), 0)],
  ["max and mean over the last axis", { x }, ({ x }) => np.max(x.ref, 1).add(np.mean(x, 1))],
  ["stop_gradient", { x }, ({ x }) => lax.stopGradient(x).mul(2)],
  ["matmul", { x, y: [4, 5] }, ({ x, y }) => np.matmul(x, y)],
  ["matmul with a transposed right side", { x, y: [5, 4] }, ({ x, y }) => np.matmul(x, np.transpose(y))],
  ["batched matmul", { x: [2, 3, 4], y: [2, 4, 5] }, ({ x, y }) => np.matmul(x, y)],
  ["matmul with a batch of 1", { x: [1, 3, 4], y: [1, 4, 5] }, ({ x, y }) => np.matmul(x, y)],
  ["batched matmul with a shared right side", { x: [2, 3, 4], y: [4, 5] }, ({ x, y }) => np.matmul(x, y)],
  ["dot of vectors", { x: [4], y: [4] }, ({ x, y }) => np.dot(x, y)],
  ["matrix times vector", { x, y: [4] }, ({ x, y }) => np.matmul(x, y)],
  ["matmul over an axis of size 1", { x: [3, 1], y: [1, 5] }, ({ x, y }) => np.matmul(x, y)],
  ["matmul with a broadcast operand", { x: [4], y: [4, 5] }, ({ x, y }) => np.matmul(np.broadcastTo(x, [3, 4]), y)],
  [
    "matmul of broadcasts only",
    { x: [1], y: [1] },
    ({ x, y }) => np.matmul(np.broadcastTo(x, [3, 4]), np.broadcastTo(y, [4, 5])),
  ],
  ["the gradient of a softmax", { x, y: x }, ({ x, y }) => grad((x: np.Array) => np.sum(softmax(x).mul(y.ref)))(x)],
  [
    "the gradient of a matmul with broadcasting",
    { x: [2, 3, 4], y: [4, 5] },
    ({ x, y }) => grad((y: np.Array) => np.sum(np.square(np.matmul(x.ref, y))))(y),
  ],
];

function softmax(x: np.Array): np.Array {
  const exponentials = np.exp(x.ref.sub(lax.stopGradient(np.max(x, -1, { keepdims: true }))));
  return exponentials.ref.mul(np.reciprocal(np.sum(exponentials, -1, { keepdims: true })));
}

describe("lowerProgram", () => {
  it.each(cases)("computes what jax-js computes: %s", async (_, shapes, compute) => {
    const whole = (inputs: In): ArrayTree => ({ result: compute(inputs) });
    const program = traceProgram<In>(whole, shapes);
    const inputs = randomInputs(program);
    const [found, expected] = [await runLowered(program, inputs), await runInJax(whole, inputs)];
    expect(largestDifference(found.get("result")!, expected.get("result")!)).toBeLessThan(1e-5);
  });

  it("returns inputs and values that are wanted twice", async () => {
    const program = traceProgram<In>(
      ({ x }) => {
        const double = x.ref.mul(2);
        return { same: x, one: double.ref, other: double };
      },
      { x: [3] },
    );
    const inputs = randomInputs(program);
    const found = await runLowered(program, inputs);
    expect(found.get("same")).toEqual(inputs.get("x")!.data);
    expect(found.get("one")).toEqual(inputs.get("x")!.data.map((value) => 2 * value));
    expect(found.get("other")).toEqual(found.get("one"));
  });

  it("refuses a primitive it does not know", () => {
    const program = traceProgram<In>(({ x }) => ({ result: np.floor(x) }), { x: [3] });
    expect(() => lowerProgram("test", program)).toThrow(LitmusError);
  });
});

describe("traceProgram", () => {
  it("holds no computation on the zero tangents of what is not differentiated", () => {
    const product = ({ x, y }: In): ArrayTree => {
      const [, pull] = vjp((x: np.Array) => np.matmul(x, y.ref), [x]);
      const [gradient] = pull(np.ones([3, 5]).mul(np.sum(y))) as unknown as [np.Array];
      return { gradient };
    };
    expect(() => traceProgram<In>(product, { x, y: [4, 5] })).toThrow(/constant array/);
    const quiet = ({ x, y }: In): ArrayTree => ({
      gradient: grad((x: np.Array) => np.sum(np.matmul(x, y.ref).mul(lax.stopGradient(y.ref.sum()))))(x),
    });
    const dots = traceProgram<In>(quiet, { x, y: [4, 5] }).equations.filter((equation) => equation.primitive === "dot");
    expect(dots.length).toBeLessThanOrEqual(1);
  });

  it("computes a derivative that is written out, and not its factor of zero in the value", async () => {
    const half = (x: np.Array): np.Array => {
      const stopped = lax.stopGradient(x.ref);
      return np.exp(stopped.ref).add(x.sub(stopped.ref).mul(np.sin(stopped)));
    };
    const value = traceProgram<In>(({ x }) => ({ result: half(x) }), { x });
    expect(value.equations.map((equation) => equation.primitive)).toEqual(["stop_gradient", "exp"]);
    const slope = traceProgram<In>(({ x }) => ({ result: grad((x: np.Array) => np.sum(half(x)))(x) }), { x });
    const inputs = randomInputs(slope);
    const found = (await runLowered(slope, inputs)).get("result")!;
    expect(largestDifference(found, inputs.get("x")!.data.map(Math.sin))).toBeLessThan(1e-6);
  });

  it("refuses an output that is always zero", () => {
    const program = traceProgram<In>(({ x, y }) => ({ result: x.mul(y) }), { x, y: x });
    const [, y] = [...program.inputs.values()];
    expect(() => eliminateZeros(program, [y!])).toThrow(/always zero/);
  });
});
