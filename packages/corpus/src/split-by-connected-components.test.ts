import { type Problem, problemId, recordId } from "@litmus/core";
import { buildProblem } from "@litmus/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitByConnectedComponents } from "./split-by-connected-components.ts";

const problem = (id: string, goldRecordIds: readonly string[]): Problem =>
  buildProblem({ id: problemId(id), goldRecordIds: goldRecordIds.map(recordId) });
const shares = { train: 0.6, validation: 0.2, test: 0.2 };

const problemSets = fc
  .array(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }), { minLength: 20, maxLength: 60 })
  .map((gold) => gold.map((ids, index) => problem(`p${index}`, ids.map(String))));

describe("splitByConnectedComponents", () => {
  it("keeps every problem once and every gold record in one part, for any input order", () => {
    fc.assert(
      fc.property(problemSets, fc.integer(), fc.gen(), (problems, seed, gen) => {
        let split;
        try {
          split = splitByConnectedComponents(problems, { seed, shares });
        } catch {
          return fc.pre(false);
        }
        const parts = Object.values(split);
        expect(
          parts
            .flat()
            .map(({ id }) => id)
            .toSorted(),
        ).toEqual(problems.map(({ id }) => id).toSorted());
        const records = parts.map((part) => new Set(part.flatMap((each) => each.goldRecordIds)));
        expect(records.reduce((sum, set) => sum + set.size, 0)).toBe(new Set(records.flatMap((set) => [...set])).size);
        const shuffled = gen(fc.shuffledSubarray, problems, { minLength: problems.length });
        const again = splitByConnectedComponents(shuffled, { seed, shares });
        expect(again.test.map(({ id }) => id).toSorted()).toEqual(split.test.map(({ id }) => id).toSorted());
      }),
    );
  });

  it("joins problems through a chain of records", () => {
    const chain = [problem("a", ["1", "2"]), problem("b", ["2", "3"]), problem("c", ["3", "4"])];
    const others = Array.from({ length: 9 }, (_, index) => problem(`x${index}`, [`${100 + index}`]));
    for (let seed = 0; seed < 20; seed++) {
      const split = splitByConnectedComponents([...chain, ...others], { seed, shares });
      const holders = Object.values(split).filter((part) => chain.some((each) => part.includes(each)));
      expect(holders).toHaveLength(1);
    }
  });

  it("meets the shares, differs by seed, and keeps the order of the input", () => {
    const problems = Array.from({ length: 100 }, (_, index) => problem(`p${index}`, [`${index}`]));
    const split = splitByConnectedComponents(problems, { seed: 1, shares });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([60, 20, 20]);
    expect(split.train).toEqual(problems.filter((each) => split.train.includes(each)));
    expect(splitByConnectedComponents(problems, { seed: 2, shares }).test).not.toEqual(split.test);
    expect(splitByConnectedComponents(problems, { seed: 1, shares }).test).toEqual(split.test);
  });

  it("refuses shares that do not sum to 1, and a part that would be empty", () => {
    const linked = Array.from({ length: 9 }, (_, index) => problem(`p${index}`, ["1"]));
    const refused = (bad: typeof shares): unknown => {
      try {
        return splitByConnectedComponents(linked, { seed: 1, shares: bad });
      } catch (error) {
        return error;
      }
    };
    expect(refused({ train: 0.5, validation: 0.2, test: 0.2 })).toMatchObject({ code: "invalid-config" });
    expect(refused({ train: 1.2, validation: -0.2, test: 0 })).toMatchObject({ code: "invalid-config" });
    expect(refused(shares)).toMatchObject({ code: "invalid-data", path: "shares.validation" });
    expect(refused({ train: 1, validation: 0, test: 0 })).toMatchObject({ validation: [], test: [] });
  });
});
