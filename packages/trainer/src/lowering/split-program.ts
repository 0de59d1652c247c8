import type { Atom, Equation, Program, Variable } from "./program.ts";
import { isVariable, liveEquations } from "./program.ts";

/** What a program's first part hands to its second. */
export interface SplitProgram {
  readonly first: Program;
  /** Its inputs are the program's own, as far as they are read, and the saved values. */
  readonly second: Program;
  /** Shapes of the first part's further outputs, which are inputs of the second, by name. */
  readonly saved: ReadonlyMap<string, readonly number[]>;
}

interface Split {
  /** Name of an input that only the second part knows. */
  readonly lateInput: string;
  /** Outputs of the first part; all others belong to the second. */
  readonly firstOutputs: readonly string[];
}

/**
 * Cuts a program in two. What the second part needs of the first is saved where it came from a matrix product,
 * and computed again where it is element by element: a little work instead of much memory.
 */
export function splitProgram(program: Program, split: Split): SplitProgram {
  const producers = new Map<Atom, Equation>(program.equations.map((equation) => [equation.result, equation]));
  const late = lateValues(program, split.lateInput);
  const isFirst = ([path]: readonly [string, Atom]): boolean => split.firstOutputs.includes(path);
  const firstOutputs = [...program.outputs].filter(isFirst);
  const secondOutputs = [...program.outputs].filter((output) => !isFirst(output));

  const saved = new Map<string, Variable>();
  const known = new Set<Atom>();
  const isSaved = (equation: Equation): boolean => !late.has(equation.result) && isCostly(equation, producers);
  const visit = (atom: Atom): void => {
    const equation = producers.get(atom);
    if (equation === undefined || known.has(atom)) return;
    known.add(atom);
    if (isSaved(equation)) saved.set(`saved.${saved.size}`, equation.result);
    else equation.inputs.forEach(visit);
  };
  for (const [, atom] of secondOutputs) visit(atom);

  const savedValues = new Set<Atom>(saved.values());
  const second = program.equations.filter(
    (equation) => known.has(equation.result) && !savedValues.has(equation.result),
  );
  return {
    first: {
      inputs: new Map([...program.inputs].filter(([path]) => path !== split.lateInput)),
      equations: liveEquations(program.equations, [...firstOutputs.map(([, atom]) => atom), ...saved.values()]),
      outputs: new Map([...firstOutputs, ...saved]),
    },
    second: {
      inputs: readInputs(new Map([...program.inputs, ...saved]), second),
      equations: second,
      outputs: new Map(secondOutputs),
    },
    saved: new Map([...saved].map(([name, variable]) => [name, variable.aval.shape])),
  };
}

/** The late input and everything computed from it. */
function lateValues(program: Program, lateInput: string): ReadonlySet<Atom> {
  const late = new Set<Atom>([program.inputs.get(lateInput) as Variable]);
  for (const equation of program.equations)
    if (equation.inputs.some((input) => late.has(input))) late.add(equation.result);
  return late;
}

/**
 * A matrix product, or a sum with one: of a product and its low-rank part only the sum is worth keeping. A softmax is as
 * large as the product beneath it, which its derivative does not need.
 */
function isCostly(equation: Equation, producers: ReadonlyMap<Atom, Equation>): boolean {
  if (equation.primitive === "dot" || equation.primitive === "softmax") return true;
  return equation.primitive === "add" && equation.inputs.some((input) => producers.get(input)?.primitive === "dot");
}

function readInputs(
  inputs: ReadonlyMap<string, Variable>,
  equations: readonly Equation[],
): ReadonlyMap<string, Variable> {
  const read = new Set<Atom>(equations.flatMap((equation) => equation.inputs).filter(isVariable));
  return new Map([...inputs].filter(([, variable]) => read.has(variable)));
}
