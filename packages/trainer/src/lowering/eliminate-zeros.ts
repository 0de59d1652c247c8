import { LitmusError } from "@litmus/core";
import type { Atom, Equation, Program, Variable } from "./program.ts";
import { isVariable, liveEquations } from "./program.ts";

/** Primitives that map zeros to zeros. */
const keepsZero = new Set(["neg", "stop_gradient", "cast", "transpose", "broadcast", "reshape", "reduce"]);

/**
 * Removes every computation on arrays known to be all zeros: jax-js multiplies the zero tangents of what is not differentiated.
 * @param zeros inputs of equations that are all zeros
 * @throws LitmusError `bug` when an output is always zero
 */
export function eliminateZeros(program: Program, zeros: readonly Variable[]): Program {
  const known = new Set<Atom>(zeros);
  const replacements = new Map<Atom, Atom>();
  const resolve = (atom: Atom): Atom => replacements.get(atom) ?? atom;
  const isZero = (atom: Atom): boolean => (isVariable(atom) ? known.has(atom) : atom.value === 0);
  const kept: Equation[] = [];
  for (const original of program.equations) {
    const equation = { ...original, inputs: original.inputs.map(resolve) };
    if (isAlwaysZero(equation, isZero)) {
      known.add(equation.result);
    } else if (equation.primitive === "add" && equation.inputs.some(isZero)) {
      replacements.set(equation.result, otherTerm(equation, isZero));
    } else {
      kept.push(equation);
    }
  }
  const outputs = new Map([...program.outputs].map(([path, atom]) => [path, resolve(atom)]));
  for (const [path, atom] of outputs)
    if (isZero(atom)) throw new LitmusError("bug", `the traced output ${path} is always zero`);
  return { ...program, equations: liveEquations(kept, outputs.values()), outputs };
}

function isAlwaysZero(equation: Equation, isZero: (atom: Atom) => boolean): boolean {
  if (equation.primitive === "mul" || equation.primitive === "dot") return equation.inputs.some(isZero);
  if (equation.primitive === "add") return equation.inputs.every(isZero);
  return keepsZero.has(equation.primitive) && equation.inputs.every(isZero);
}

function otherTerm(equation: Equation, isZero: (atom: Atom) => boolean): Atom {
  const other = equation.inputs.find((input) => !isZero(input)) as Atom;
  if (other.aval.shape.join() !== equation.result.aval.shape.join()) {
    throw new LitmusError("bug", "a sum with zeros broadcasts its other term, which has no lowering");
  }
  return other;
}
