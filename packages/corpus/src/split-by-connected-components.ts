/** @file Splits without leaks: problems that share a gold record, directly or through others, stay together. */
import { LitmusError, type Problem, createRng } from "@litmus/core";

const partNames = ["train", "validation", "test"] as const;

/** The parts of a question set, by name. */
export type Split<T> = Readonly<Record<(typeof partNames)[number], T>>;

export interface SplitOptions {
  readonly seed: number;
  /** Shares of the problems, each in [0, 1], summing to 1. */
  readonly shares: Split<number>;
}

/**
 * Gives each problem to one part so that no gold record is in two. Depends on seed, shares and problems, not on
 * their order; each part keeps the order of the input. Sizes differ from the shares by less than the largest component.
 * @throws LitmusError `invalid-config` for bad shares; `invalid-data` when a part with a share would be empty
 */
export function splitByConnectedComponents(problems: readonly Problem[], options: SplitOptions): Split<Problem[]> {
  checkShares(options.shares);
  const components = connectedComponents(problems);
  const shuffled = createRng(`split:${options.seed}`).shuffled(components);
  // Largest first: the small ones then even out what the large ones left.
  shuffled.sort((a, b) => b.length - a.length);
  const missing = partNames.map((name) => options.shares[name] * problems.length);
  const partOf = new Map<Problem, number>();
  for (const component of shuffled) {
    const part = missing.indexOf(Math.max(...missing));
    for (const problem of component) partOf.set(problem, part);
    missing[part] = (missing[part] as number) - component.length;
  }
  const select = (part: number): Problem[] => problems.filter((problem) => partOf.get(problem) === part);
  const split = { train: select(0), validation: select(1), test: select(2) };
  checkParts(split, options.shares, shuffled[0]?.length ?? 0);
  return split;
}

/** Sorted by the smallest problem id, so that the order of the input has no say. */
function connectedComponents(problems: readonly Problem[]): Problem[][] {
  const sorted = problems.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const parent = sorted.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] as number;
    parent[index] = root;
    return root;
  };
  const firstWith = new Map<string, number>();
  for (const [index, problem] of sorted.entries()) {
    for (const id of problem.goldRecordIds) {
      const other = firstWith.get(id);
      if (other === undefined) firstWith.set(id, index);
      else parent[find(index)] = find(other);
    }
  }
  const groups = Map.groupBy(sorted.entries(), ([index]) => find(index));
  return [...groups.values()].map((members) => members.map(([, problem]) => problem));
}

function checkShares(shares: Split<number>): void {
  const values = partNames.map((name) => shares[name]);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-9) return;
  throw new LitmusError("invalid-config", `the shares of a split must lie in [0, 1] and sum to 1, not ${sum}`, {
    path: "shares",
    hint: "For example train 0.7, validation 0.1, test 0.2.",
  });
}

function checkParts(split: Split<Problem[]>, shares: Split<number>, largest: number): void {
  const empty = partNames.find((name) => shares[name] > 0 && split[name].length === 0);
  if (empty === undefined) return;
  throw new LitmusError("invalid-data", `the split leaves "${empty}" empty (largest connected component: ${largest})`, {
    path: `shares.${empty}`,
    hint: "Use more problems, a larger share, or a share of 0.",
  });
}
