import type { TurnView } from "@litmus/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { turnView } from "../../../testing/trajectory-views.ts";
import { pageOfToken, rowOfToken, rowTokens, tokenRows } from "./token-rows.ts";
import { tokenSections } from "./token-sections.ts";

/** Turns with actions of these lengths, each after an observation of that length. */
function turnsOf(lengths: readonly (readonly [observation: number, action: number])[]): {
  turns: TurnView[];
  end: number;
} {
  let end = 0;
  const turns = lengths.map(([observation, action], index) => {
    const start = end + observation;
    end = start + action;
    return turnView({ index, tokens: { start, end } });
  });
  return { turns, end };
}

const trajectories = fc.tuple(
  fc.array(fc.tuple(fc.nat(350), fc.nat(350)), { minLength: 1, maxLength: 8 }),
  fc.nat(250),
);

describe("the sections of a trajectory's tokens", () => {
  it("are the prompt, the actions, and what was shown between them", () => {
    const { turns, end } = turnsOf([
      [10, 5],
      [3, 2],
    ]);
    expect(tokenSections(turns, end + 4)).toEqual([
      { kind: "prompt", start: 0, end: 10, turn: 0 },
      { kind: "action", start: 10, end: 15, turn: 0 },
      { kind: "observation", start: 15, end: 18, turn: 1 },
      { kind: "action", start: 18, end: 20, turn: 1 },
      { kind: "observation", start: 20, end: 24, turn: 1 },
    ]);
    expect(tokenSections([], 0)).toEqual([]);
  });
});

describe("the rows of the token view", () => {
  it("hold every token once, in order, within one section and one page", () => {
    fc.assert(
      fc.property(trajectories, ([lengths, rest]) => {
        const { turns, end } = turnsOf(lengths);
        const rows = tokenRows(tokenSections(turns, end + rest));
        const tokens = rows.flatMap((row) => (row.type === "tokens" ? range(row.start, row.end) : []));
        expect(tokens).toEqual(range(0, end + rest));
        for (const row of rows) {
          if (row.type !== "tokens") continue;
          expect(row.end - row.start).toBeLessThanOrEqual(rowTokens);
          expect(pageOfToken(row.start)).toBe(pageOfToken(row.end - 1));
          expect(row.start >= row.section.start && row.end <= row.section.end).toBe(true);
        }
      }),
    );
  });

  it("are found by any of their tokens", () => {
    fc.assert(
      fc.property(trajectories, ([lengths, rest]) => {
        const { turns, end } = turnsOf(lengths);
        const rows = tokenRows(tokenSections(turns, end + rest));
        for (let token = 0; token < end + rest; token += 7) {
          const row = rows[rowOfToken(rows, token)];
          expect(row?.type === "tokens" && row.start <= token && token < row.end).toBe(true);
        }
        expect(rowOfToken(rows, end + rest)).toBe(-1);
        expect(rowOfToken(rows, -1)).toBe(-1);
      }),
    );
  });
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
