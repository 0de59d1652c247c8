/** @file Lowers a traced jax-js program to an ONNX graph. Primitives: jax-js 0.1.25, src/frontend/core.ts. */
import { LitmusError } from "@litmus/core";
import { GraphBuilder } from "../onnx/graph-builder.ts";
import { lowerDot } from "./lower-dot.ts";
import type { Atom, Equation, Program, Variable } from "./program.ts";
import { isVariable } from "./program.ts";
import type { View, ViewAxis } from "./view.ts";
import {
  broadcastTensor,
  materialize,
  materializeCompact,
  repeated,
  reshapeView,
  shapeOf,
  sliceView,
  wholeTensor,
} from "./view.ts";

const binaryOperators: Readonly<Record<string, string>> = {
  add: "Add",
  sub: "Sub",
  mul: "Mul",
  min: "Min",
  max: "Max",
};
const unaryOperators: Readonly<Record<string, string>> = {
  neg: "Neg",
  exp: "Exp",
  log: "Log",
  reciprocal: "Reciprocal",
  sin: "Sin",
  cos: "Cos",
  sqrt: "Sqrt",
  erf: "Erf",
  sigmoid: "Sigmoid",
};
const reductions: Readonly<Record<string, string>> = {
  Add: "ReduceSum",
  Max: "ReduceMax",
  Min: "ReduceMin",
  Mul: "ReduceProd",
};

/** Encodes a program as an ONNX model with the program's input and output names. @throws LitmusError `bug` on a primitive it does not know */
export function lowerProgram(name: string, program: Program): Uint8Array {
  const builder = new GraphBuilder(name);
  const values = new Map<Variable, View>();
  for (const [path, variable] of program.inputs) {
    values.set(variable, wholeTensor(builder.input(path, variable.aval.shape), variable.aval.shape));
  }
  const valueOf = (atom: Atom): View => {
    if (!isVariable(atom)) return wholeTensor(builder.scalar(atom.value), []);
    const view = values.get(atom);
    if (view === undefined) throw new LitmusError("bug", "a traced equation reads a value that nothing has computed");
    return view;
  };
  for (const equation of program.equations) {
    values.set(equation.result, lowerEquation(builder, equation, equation.inputs.map(valueOf)));
  }
  for (const [path, atom] of program.outputs)
    builder.output(path, materialize(builder, valueOf(atom)), atom.aval.shape);
  return builder.encode();
}

function lowerEquation(builder: GraphBuilder, equation: Equation, inputs: readonly View[]): View {
  const { primitive } = equation;
  const { shape } = equation.result.aval;
  const [first, second] = inputs as [View, View];
  const binary = binaryOperators[primitive];
  if (binary !== undefined) return lowerBinary(builder, binary, { inputs, shape });
  const unary = unaryOperators[primitive];
  if (unary !== undefined) return lowerUnary(builder, unary, first);
  switch (primitive) {
    case "stop_gradient":
      return first;
    case "cast":
      return lowerCast(equation, first);
    case "transpose":
      return { ...first, axes: parameter(equation, "perm").map((axis) => first.axes[axis] as ViewAxis) };
    case "broadcast":
      return lowerBroadcast(first, shape, parameter(equation, "axis"));
    case "reshape":
      return reshapeView(builder, first, shape);
    case "reduce":
      return lowerReduce(builder, equation, first);
    case "softmax":
      return wholeTensor(builder.emit("Softmax", [materialize(builder, first)]), shape);
    case "shrink":
      return sliceView(builder, first, pairs(equation, "slice"));
    case "pad":
      return lowerPad(builder, equation, first);
    case "concatenate":
      return lowerConcatenate(builder, equation, inputs);
    case "dot":
      return lowerDot(builder, first, second, shape);
    default:
      throw new LitmusError("bug", `no lowering for the jax-js primitive ${primitive}`);
  }
}

/** Element by element with broadcasting; axes that both operands only repeat stay repeated. */
function lowerBinary(
  builder: GraphBuilder,
  operator: string,
  operands: { inputs: readonly View[]; shape: readonly number[] },
): View {
  const { inputs, shape } = operands;
  const tensor = builder.emit(
    operator,
    inputs.map((input) => materializeCompact(builder, input)),
  );
  const compact = shape.map((size, axis) => {
    const isHeld = inputs.some((input) => {
      const own = input.axes[axis - (shape.length - input.axes.length)];
      return own !== undefined && own.source !== null && own.size === size;
    });
    return isHeld ? size : 1;
  });
  return broadcastTensor(tensor, compact, shape);
}

function lowerUnary(builder: GraphBuilder, operator: string, input: View): View {
  const tensor = builder.emit(operator, [materializeCompact(builder, input)]);
  const compact = input.axes.map((axis) => (axis.source === null ? 1 : axis.size));
  return broadcastTensor(tensor, compact, shapeOf(input));
}

function lowerCast(equation: Equation, input: View): View {
  const dtype: unknown = equation.parameters["dtype"];
  if (dtype !== "float32") throw new LitmusError("bug", `no lowering for a cast to ${String(dtype)}`);
  return input;
}

/** Axes in `added` are new; an axis of size 1 may grow. */
function lowerBroadcast(input: View, shape: readonly number[], added: readonly number[]): View {
  let next = 0;
  const axes = shape.map((size, axis) => {
    const own = added.includes(axis) ? undefined : input.axes[next++];
    return own?.size === size ? own : repeated(size);
  });
  return { ...input, axes };
}

function lowerReduce(builder: GraphBuilder, equation: Equation, input: View): View {
  const operator = reductions[String(equation.parameters["op"])];
  if (operator === undefined)
    throw new LitmusError("bug", `no lowering for the reduction ${String(equation.parameters["op"])}`);
  const axes = builder.integers(parameter(equation, "axis"));
  const reduced = builder.emit(operator, [materialize(builder, input), axes], { keepdims: 0 });
  return wholeTensor(reduced, equation.result.aval.shape);
}

function lowerPad(builder: GraphBuilder, equation: Equation, input: View): View {
  const width = pairs(equation, "width");
  const pads = builder.integers([...width.map(([before]) => before), ...width.map(([, after]) => after)]);
  return wholeTensor(builder.emit("Pad", [materialize(builder, input), pads]), equation.result.aval.shape);
}

function lowerConcatenate(builder: GraphBuilder, equation: Equation, inputs: readonly View[]): View {
  const { axis } = equation.parameters as { axis: number };
  const tensors = inputs.map((input) => materialize(builder, input));
  return wholeTensor(builder.emit("Concat", tensors, { axis }), equation.result.aval.shape);
}

function pairs(equation: Equation, name: string): readonly (readonly [number, number])[] {
  return parameter(equation, name) as unknown as readonly (readonly [number, number])[];
}

function parameter(equation: Equation, name: string): readonly number[] {
  const value: unknown = equation.parameters[name];
  if (!Array.isArray(value)) throw new LitmusError("bug", `jax-js primitive ${equation.primitive} has no ${name}`);
  return value as readonly number[];
}
