import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRecent } from "./recent.ts";

describe("createRecent", () => {
  it("keeps what was used last, a value that was asked for among it", () => {
    const recent = createRecent<string, number>(2);
    recent.set("a", 1);
    recent.set("b", 2);
    expect(recent.get("a")).toBe(1);
    recent.set("c", 3);
    expect(["a", "b", "c"].map((key) => recent.get(key))).toEqual([1, undefined, 3]);
    recent.delete("a");
    expect(recent.get("a")).toBeUndefined();
  });

  it("never keeps more than its limit, and always what was set last where it fits", () => {
    const keys = ["a", "b", "c", "d", "e", "f"];
    const step = fc.record({ key: fc.constantFrom(...keys), size: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const recent = createRecent<string, number>(10, (size) => size);
        for (const { key, size } of steps) {
          recent.set(key, size);
          expect(recent.get(key)).toBe(size <= 10 ? size : undefined);
          const sizes = keys.map((each) => recent.get(each) ?? 0);
          expect(sizes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});
