import { describe, expect, it } from "vitest";
import { rolloutRatios } from "./bench-rollout.ts";

const round = (factor: number) =>
  [1, 8, 16].map((sequences) => ({ sequences, prefill: 100 * factor, decode: 10 * sequences * factor }));

describe("rolloutRatios", () => {
  it("are medians of ours over medians of the peer's, so that one disturbed round changes nothing", () => {
    const ratios = rolloutRatios([round(0.9), round(0.1), round(0.9)], [round(1), round(1), round(5)]);
    expect(Object.keys(ratios)).toEqual(["prefill", "decode1", "decode8", "decode16"]);
    for (const ratio of Object.values(ratios)) expect(ratio).toBeCloseTo(0.9, 12);
  });
});
