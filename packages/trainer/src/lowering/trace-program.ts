import { makeJaxpr, tree } from "@jax-js/jax";
import type { ClosedJaxpr, Jaxpr, numpy } from "@jax-js/jax";
import { LitmusError } from "@litmus/core";
import { eliminateZeros } from "./eliminate-zeros.ts";
import { fuseOperators } from "./fuse-operators.ts";
import type { Equation, Program, Variable } from "./program.ts";

/** Named arrays, nested as deeply as is convenient. */
export interface ArrayTree {
  readonly [name: string]: numpy.Array | ArrayTree;
}

/** The shapes of an {@link ArrayTree}. */
export interface ShapeTree {
  readonly [name: string]: readonly number[] | ShapeTree;
}

/** What tracing needs to know of an array; jax-js takes any object of this form for one. */
class AbstractArray {
  readonly shape: readonly number[];
  readonly dtype = "float32";
  readonly weakType = false;

  constructor(shape: readonly number[]) {
    this.shape = shape;
  }
}

/** Traces array code over inputs of the given shapes; no array is made. The result holds no dead and no zero computation. */
export function traceProgram<Inputs>(compute: (inputs: Inputs & ArrayTree) => ArrayTree, shapes: ShapeTree): Program {
  let outputPaths: string[] = [];
  const traced = makeJaxpr((inputs: Inputs & ArrayTree) => {
    const outputs = compute(inputs);
    outputPaths = pathsOf(outputs);
    return tree.leaves(outputs as Parameters<typeof tree.leaves>[0]) as numpy.Array[];
  })(abstractArrays(shapes) as Inputs & ArrayTree);
  const jaxpr = traced.jaxpr.jaxpr.flatten().simplify();
  const zeros = zeroConstants(traced.jaxpr, jaxpr);
  const inputs = named(pathsOf(shapes), jaxpr.inBinders.slice(zeros.length));
  const program = { inputs, equations: jaxpr.eqns.flatMap(toEquations), outputs: named(outputPaths, jaxpr.outs) };
  return fuseOperators(eliminateZeros(program, zeros));
}

/** The binders of the constants, which lead the inputs. jax-js makes a constant of zeros for each value that is not differentiated. */
function zeroConstants(traced: ClosedJaxpr, jaxpr: Jaxpr): Variable[] {
  for (const constant of traced.consts as unknown as readonly numpy.Array[]) {
    const isZero = constant.ref.dataSync().every((value) => value === 0);
    if (!isZero) throw new LitmusError("bug", "traced array code holds a constant array: pass it as an input");
  }
  const count = traced.consts.length;
  traced.dispose();
  return jaxpr.inBinders.slice(0, count);
}

function toEquations(equation: Jaxpr["eqns"][number]): Equation[] {
  if (equation.primitive === "split") return slicesOf(equation);
  const [result, ...others] = equation.outBinders;
  if (result === undefined || others.length > 0)
    throw new LitmusError("bug", `jax-js primitive ${equation.primitive} has not one result`);
  return [{ primitive: equation.primitive, inputs: equation.inputs, parameters: equation.params, result }];
}

/** The one primitive with several results is a slice for each. */
function slicesOf({ inputs, outBinders, params }: Jaxpr["eqns"][number]): Equation[] {
  const { axis } = params as { axis: number };
  let end = 0;
  return outBinders.map((result) => {
    const first = end;
    end += result.aval.shape[axis] as number;
    const slice = result.aval.shape.map((size, own) => (own === axis ? [first, end] : [0, size]));
    return { primitive: "shrink", inputs, parameters: { slice }, result };
  });
}

function isShape(value: readonly number[] | ShapeTree): value is readonly number[] {
  return Array.isArray(value);
}

function abstractArrays(shapes: ShapeTree): unknown {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, value]) => [
      name,
      isShape(value) ? new AbstractArray(value) : abstractArrays(value),
    ]),
  );
}

function pathsOf(node: ArrayTree | ShapeTree, prefix = ""): string[] {
  return Object.entries(node).flatMap(([name, value]) => {
    const isInner = (value as object).constructor === Object;
    return isInner ? pathsOf(value as ArrayTree, `${prefix}${name}.`) : [`${prefix}${name}`];
  });
}

function named<T>(paths: readonly string[], values: readonly T[]): ReadonlyMap<string, T> {
  if (paths.length !== values.length)
    throw new LitmusError("bug", `${paths.length} names for ${values.length} traced values`);
  return new Map(paths.map((path, index) => [path, values[index] as T]));
}
