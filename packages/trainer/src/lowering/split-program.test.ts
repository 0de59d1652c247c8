import { numpy as np } from "@jax-js/jax";
import { describe, expect, it } from "vitest";
import { largestDifference, randomInputs, runLowered } from "../testing/run-program.ts";
import { emptyF32Tensor } from "../engine/session.ts";
import { splitProgram } from "./split-program.ts";
import { traceProgram } from "./trace-program.ts";

type In = Record<"x" | "w" | "late", np.Array>;
/** A product that both parts need, a cheap function of it, and something late. */
const program = traceProgram<In>(
  ({ x, w, late }) => {
    const product = np.matmul(x, w);
    const cheap = np.exp(product.ref);
    return { early: product.add(cheap.ref), result: np.sum(cheap.mul(late), 1) };
  },
  { x: [3, 4], w: [4, 5], late: [3, 5] },
);
const split = { lateInput: "late", firstOutputs: ["early"] };

describe("splitProgram", () => {
  it("computes in two parts what the whole computes", async () => {
    const inputs = randomInputs(program);
    const whole = await runLowered(program, inputs);
    const { first, second, saved } = splitProgram(program, split);
    const early = await runLowered(first, inputs);
    for (const [name, shape] of saved) {
      const tensor = emptyF32Tensor(shape);
      tensor.data.set(early.get(name)!);
      inputs.set(name, tensor);
    }
    const late = await runLowered(second, inputs);
    expect(largestDifference(early.get("early")!, whole.get("early")!)).toBe(0);
    expect(largestDifference(late.get("result")!, whole.get("result")!)).toBe(0);
  });

  it("saves matrix products and computes the rest again", () => {
    const { first, second, saved } = splitProgram(program, split);
    expect([...saved.values()]).toEqual([[3, 5]]);
    expect(first.equations.map((equation) => equation.primitive)).toContain("dot");
    expect(second.equations.map((equation) => equation.primitive)).not.toContain("dot");
    expect(second.equations.map((equation) => equation.primitive)).toContain("exp");
    expect([...second.inputs.keys()]).not.toContain("w");
    expect([...first.inputs.keys()]).not.toContain("late");
  });
});
