import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDate, formatUtc } from "./date.ts";
import { formatDuration } from "./duration.ts";
import { formatEstimate } from "./estimate.ts";
import { formatBytes, formatCompact, formatCount, formatNumber, formatPercent, formatSigned } from "./number.ts";
import { relativeTime } from "./relative-time.ts";

describe("numbers", () => {
  it.each([
    [formatCount(1_234_567), "1,234,567"],
    [formatCount(null), "–"],
    [formatNumber(0.012345), "0.0123"],
    [formatNumber(1.25), "1.25"],
    [formatNumber(310.4), "310"],
    [formatNumber(-0.5, 1), "−0.5"],
    [formatNumber(-0.001, 1), "0.0"],
    [formatNumber(0), "0"],
    [formatNumber(3.14e-7), "3.14e−7"],
    [formatNumber(-5e-5), "−5.00e−5"],
    [formatNumber(3e-7, 1), "0.0"],
    [formatNumber(Infinity), "∞"],
    [formatNumber(NaN), "not a number"],
    [formatPercent(0.375), "37.5 %"],
    [formatPercent(1, 0), "100 %"],
    [formatSigned(0.031), "+0.0310"],
    [formatSigned(-0.04, formatPercent), "−4.0 %"],
    [formatSigned(-0.0001, formatPercent), "0.0 %"],
    [formatCompact(950), "950"],
    [formatCompact(999.5), "1.00 k"],
    [formatCompact(12_345), "12.3 k"],
    [formatCompact(4_560_000), "4.56 M"],
    [formatBytes(512), "512 B"],
    [formatBytes(1_400_000), "1.40 MB"],
  ])("%s is %s", (text, expected) => {
    expect(text).toBe(expected);
  });

  it("keeps three significant digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 999, noNaN: true }), (value) => {
        expect(Number(formatNumber(value))).toBeCloseTo(Number(value.toPrecision(3)), 6);
      }),
    );
  });
});

describe("formatEstimate", () => {
  it("writes a share with its interval in percent", () => {
    const estimate = { value: 0.375, n: 128, ci95: { low: 0.312, high: 0.441 } };
    expect(formatEstimate(estimate, "share")).toBe("37.5 % (31.2–44.1)");
  });
  it("writes a number without an interval alone, and nothing where nothing was scored", () => {
    expect(formatEstimate({ value: 1.42, n: 3, ci95: null }, "number")).toBe("1.42");
    expect(formatEstimate({ value: null, n: 0, ci95: null }, "share")).toBe("–");
    expect(formatEstimate(null, "share")).toBe("–");
  });
});

describe("durations and ages", () => {
  it.each([
    [850, "850 ms"],
    [3200, "3.2 s"],
    [59_949, "59.9 s"],
    [59_999, "1 min 00 s"],
    [245_000, "4 min 05 s"],
    [3_599_600, "1 h 00 min"],
    [7_980_000, "2 h 13 min"],
    [273_600_000, "3 d 04 h"],
  ])("%i ms is %s", (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });

  it.each([
    [400, "now"],
    [3999, "3 s ago"],
    [60_000, "1 min ago"],
    [7_300_000, "2 h ago"],
    [200_000_000, "2 d ago"],
    [-5000, "now"],
  ])("%i ms later it was %s", (laterMs, expected) => {
    expect(relativeTime(1_000_000, 1_000_000 + laterMs)).toBe(expected);
  });

  it("writes a time of the reader's zone, and leaves what is none", () => {
    const local = new Date(2026, 10, 3, 4, 5);
    expect(formatDate(local.toISOString())).toBe("2026-11-03 04:05");
    expect(formatDate("yesterday")).toBe("yesterday");
  });

  it("writes a time of every zone alike, and names its own", () => {
    expect(formatUtc("2026-11-03T04:05:06+09:00")).toBe("2026-11-02 19:05 UTC");
    expect(formatUtc("yesterday")).toBe("yesterday");
  });
});
