import { expect, it } from "vitest";
import { atPositions, toWireDatum } from "./shift-tokens.ts";

const sequence = { tokens: [10, 11, 12, 13, 14, 15], positions: [2, 4] };

it("puts the value of tokens[t] at place t − 1, gives other tokens weight 0, and leaves out what follows", () => {
  expect(toWireDatum(sequence, { logProbs: [-1, -2], advantages: [3, -4] })).toEqual({
    inputs: [10, 11, 12, 13],
    targets: [11, 12, 13, 14],
    weights: [0, 1, 0, 1],
    logProbs: [0, -1, 0, -2],
    advantages: [0, 3, 0, -4],
  });
});

it("reads a result at the same places", () => {
  expect(atPositions(sequence, [-0.1, -0.2, -0.3, -0.4])).toEqual([-0.2, -0.4]);
  expect(toWireDatum(sequence)).toMatchObject({ logProbs: null, advantages: null });
});
