import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fairShares } from "./fair-shares.ts";

describe("fairShares", () => {
  it.each([
    [[10, 10], 100, [10, 10]],
    [[100, 100], 50, [25, 25]],
    [[10, 100, 100], 110, [10, 50, 50]],
    [[100, 5, 100], 50, [22, 5, 23]],
    [[], 10, []],
    [[5], -3, [0]],
  ])("%j of %d are %j", (wants, budget, shares) => expect(fairShares(wants, budget)).toEqual(shares));

  it("gives nobody more than wanted, wastes nothing, and takes from no one who has less", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 10 }), fc.nat(2_000), (wants, budget) => {
        const shares = fairShares(wants, budget);
        const total = shares.reduce((sum, share) => sum + share, 0);
        expect(total).toBe(
          Math.min(
            budget,
            wants.reduce((sum, want) => sum + want, 0),
          ),
        );
        const largest = Math.max(0, ...shares);
        shares.forEach((share, i) => {
          expect(share).toBeLessThanOrEqual(wants[i] ?? 0);
          if (share < (wants[i] ?? 0)) expect(share).toBeGreaterThanOrEqual(largest - 1);
        });
      }),
    );
  });
});
