import type { Jaxpr } from "@jax-js/jax";

/** A traced value. */
export type Variable = Jaxpr["inBinders"][number];
/** A traced value or a number. */
export type Atom = Jaxpr["outs"][number];

/** One operation of jax-js: see its `Primitive` for names and parameters. */
export interface Equation {
  readonly primitive: string;
  readonly inputs: readonly Atom[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly result: Variable;
}

/** A traced computation: inputs and outputs are named by their path in the trees, joined by dots. */
export interface Program {
  readonly inputs: ReadonlyMap<string, Variable>;
  readonly equations: readonly Equation[];
  readonly outputs: ReadonlyMap<string, Atom>;
}

export function isVariable(atom: Atom): atom is Variable {
  return !("value" in atom);
}

/** The equations that the outputs need, in order. */
export function liveEquations(equations: readonly Equation[], outputs: Iterable<Atom>): Equation[] {
  const needed = new Set<Atom>(outputs);
  const live: Equation[] = [];
  for (const equation of equations.toReversed()) {
    if (!needed.has(equation.result)) continue;
    live.push(equation);
    for (const input of equation.inputs) needed.add(input);
  }
  return live.reverse();
}
