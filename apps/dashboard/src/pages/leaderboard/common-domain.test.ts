import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate } from "../../testing/board-views.ts";
import { numberDomain, shareDomain } from "./common-domain.ts";

describe("domains", () => {
  it.each([
    [[], 0.1],
    [[0.3], 0.3],
    [[0.31, 0.2], 0.4],
    [[1], 1],
  ] as const)("of shares %j end at the next tenth, %d", (values, end) => {
    expect(shareDomain(values.map((value) => estimate(value)))).toEqual([0, end]);
  });

  it("hold every value and every interval", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const estimates = fc.array(
      fc.tuple(share, share).map(([a, b]) => estimate(Math.min(a, b), [0, Math.max(a, b)])),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(estimates, (all) => {
        const highest = Math.max(...all.map(({ ci95 }) => ci95?.high ?? 0));
        expect(shareDomain(all)[1]).toBeGreaterThanOrEqual(highest - 1e-9);
        expect(numberDomain(all)[1]).toBeGreaterThanOrEqual(highest);
      }),
    );
  });

  it("of numbers never end where they begin", () => {
    expect(numberDomain([null, estimate(0)])).toEqual([0, 1]);
  });
});
