import { LitmusError } from "@litmus/core";
import type { Atom, Equation, Program, Variable } from "./program.ts";
import { isVariable, liveEquations } from "./program.ts";

/** Primitives that map zeros to zeros. */
const keepsZero = new Set([
  "neg",
  "stop_gradient",
  "cast",
  "transpose",
  "broadcast",
  "reshape",
  "reduce",
  "shrink",
  "pad",
  "concatenate",
]);

/**
 * Removes every computation on arrays known to be all zeros: jax-js multiplies the zero tangents of what is not
 * differentiated, and x − stop_gradient(x) is zero in value.
 * @param zeros inputs of equations that are all zeros
 * @throws LitmusError `bug` when an output is always zero
 */
export function eliminateZeros(program: Program, zeros: readonly Variable[]): Program {
  const known = new Set<Atom>(zeros);
  const replacements = new Map<Atom, Atom>();
  const resolve = (atom: Atom): Atom => replacements.get(atom) ?? atom;
  const isZero = (atom: Atom): boolean => (isVariable(atom) ? known.has(atom) : atom.value === 0);
  const copies = new Copies();
  const kept: Equation[] = [];
  for (const original of program.equations) {
    const equation = { ...original, inputs: original.inputs.map(resolve) };
    copies.note(equation);
    if (isAlwaysZero(equation, isZero) || copies.cancel(equation)) {
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

/** Knows values that are another value with its gradient stopped, and the negatives of such. */
class Copies {
  readonly #originals = new Map<Atom, Atom>();
  readonly #negatives = new Map<Atom, Atom>();

  note({ primitive, inputs: [input], result }: Equation): void {
    if (primitive === "stop_gradient" && input !== undefined) this.#originals.set(result, this.#original(input));
    if (primitive === "neg" && input !== undefined) this.#negatives.set(result, this.#original(input));
  }

  /** Whether an equation is x − x: array code writes a derivative as a factor of what is zero in value. */
  cancel({ primitive, inputs: [left, right] }: Equation): boolean {
    if (primitive !== "add" || left === undefined || right === undefined) return false;
    return this.#negatives.get(right) === this.#original(left);
  }

  #original(atom: Atom): Atom {
    return this.#originals.get(atom) ?? atom;
  }
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
