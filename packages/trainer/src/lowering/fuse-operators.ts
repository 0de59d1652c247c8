import type { Atom, Equation, Program, Variable } from "./program.ts";
import { isVariable, liveEquations } from "./program.ts";

/**
 * Replaces what jax-js has no primitive for, and array code spells out, by operators of ONNX, which read memory once:
 * `sub` (a + −b), `sigmoid` (1 / (exp(−x) + 1)) and `softmax` over the last axis (e / Σ e with e = exp(x − max x)).
 */
export function fuseOperators(program: Program): Program {
  const producers = new Map<Atom, Equation>();
  const equations = program.equations.map((original) => {
    const equation = fuse(original, (atom) => producers.get(atom));
    producers.set(equation.result, equation);
    return equation;
  });
  return { ...program, equations: liveEquations(equations, program.outputs.values()) };
}

type Producers = (atom: Atom) => Equation | undefined;

function fuse(equation: Equation, producerOf: Producers): Equation {
  const fused = (primitive: string, inputs: readonly Atom[]): Equation => ({
    primitive,
    inputs,
    parameters: {},
    result: equation.result,
  });
  const difference = asDifference(equation, producerOf);
  if (difference !== null) return fused("sub", difference);
  const logit = asSigmoid(equation, producerOf);
  if (logit !== null) return fused("sigmoid", [logit]);
  const scores = asSoftmax(equation, producerOf);
  if (scores !== null) return fused("softmax", [scores]);
  return equation;
}

function asDifference({ primitive, inputs }: Equation, producerOf: Producers): [Atom, Atom] | null {
  if (primitive !== "add") return null;
  const [left, right] = inputs as [Atom, Atom];
  const subtrahend = inputOf(right, "neg", producerOf);
  if (subtrahend !== null) return [left, subtrahend];
  const other = inputOf(left, "neg", producerOf);
  return other === null ? null : [right, other];
}

function asSigmoid(equation: Equation, producerOf: Producers): Atom | null {
  if (equation.primitive !== "reciprocal") return null;
  const sum = producerOf(equation.inputs[0] as Atom);
  if (sum?.primitive !== "add" || !sum.inputs.some((input) => isNumber(input, 1))) return null;
  const exponential = sum.inputs.find(isVariable);
  const negative = exponential === undefined ? null : inputOf(exponential, "exp", producerOf);
  return negative === null ? null : inputOf(negative, "neg", producerOf);
}

function asSoftmax(equation: Equation, producerOf: Producers): Atom | null {
  if (equation.primitive !== "mul") return null;
  const [exponentials, factor] = equation.inputs as [Atom, Atom];
  const shifted = inputOf(exponentials, "exp", producerOf);
  const total = inputOf(throughViews(factor, producerOf), "reciprocal", producerOf);
  const isColumn = factor.aval.shape.length === exponentials.aval.shape.length && factor.aval.shape.at(-1) === 1;
  if (shifted === null || total === null || !isColumn) return null;
  const difference = producerOf(shifted);
  if (difference?.primitive !== "sub" || reducedBy("Add", total, producerOf) !== exponentials) return null;
  const [scores, maximum] = difference.inputs as [Atom, Atom];
  return reducedBy("Max", maximum, producerOf) === scores ? scores : null;
}

/** What a reduction over the last axis, kept as size 1, was taken of. */
function reducedBy(operation: string, atom: Atom, producerOf: Producers): Atom | null {
  const reduction = producerOf(throughViews(atom, producerOf));
  const [input] = reduction?.inputs ?? [];
  if (reduction?.primitive !== "reduce" || input === undefined || !isVariable(input)) return null;
  const { op, axis } = reduction.parameters as { op: string; axis: readonly number[] };
  const isOverLast = axis.length === 1 && axis[0] === input.aval.shape.length - 1;
  const isKept = atom.aval.shape.at(-1) === 1 && atom.aval.shape.length === input.aval.shape.length;
  return op === operation && isOverLast && isKept ? input : null;
}

function throughViews(atom: Atom, producerOf: Producers): Atom {
  const producer = producerOf(atom);
  return producer?.primitive === "reshape" ? throughViews(producer.inputs[0] as Variable, producerOf) : atom;
}

function inputOf(atom: Atom, primitive: string, producerOf: Producers): Atom | null {
  const producer = producerOf(atom);
  return producer?.primitive === primitive ? (producer.inputs[0] as Atom) : null;
}

function isNumber(atom: Atom, value: number): boolean {
  return !isVariable(atom) && atom.value === value;
}
