import { expect, it } from "vitest";
import { groupPoints } from "./group-points.ts";

it("gathers equal rewards of a group, and leaves out what was not scored", () => {
  expect(
    groupPoints([
      { runStep: 1, rewards: [0, 1, 0, null] },
      { runStep: 4, rewards: [null] },
      { runStep: 9, rewards: [0.5] },
    ]),
  ).toEqual([
    { runStep: 1, reward: 0, members: 2 },
    { runStep: 1, reward: 1, members: 1 },
    { runStep: 9, reward: 0.5, members: 1 },
  ]);
});
