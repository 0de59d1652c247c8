import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatNumber, formatPercent } from "../../format/number.ts";
import { axisFormat, metricFormat } from "../curves/metric-format.ts";
import { axisTicks, tickLabels } from "./axis-ticks.ts";
import { zoomAround } from "./chart-zoom.ts";
import { nextPlace } from "./next-place.ts";
import { bandPath, linePath } from "./line-path.ts";
import { colourCount, seriesLook } from "./series-look.ts";

const same = { atX: (x: number) => x, atY: (y: number) => y };

describe("paths", () => {
  it("breaks a line at its gaps, and shows a lone point", () => {
    expect(linePath([0, 1, 2, 3, 4], [1, 2, null, 5, null], same)).toBe("M0.0 1.0L1.0 2.0M3.0 5.0h0");
  });
  it("closes a band, and leaves out where an edge is unknown", () => {
    expect(bandPath([0, 1, 2], [1, 1, null], [3, 4, 5], same)).toBe("M0.0 3.0L1.0 4.0L1.0 1.0L0.0 1.0z");
  });
});

describe("ticks", () => {
  it.each([
    [0, 1, 4, [0, 0.5, 1]],
    [0, 0.9, 5, [0, 0.2, 0.4, 0.6, 0.8]],
    [-3, 12, 4, [0, 5, 10]],
    [5, 5, 4, [5]],
  ])("of %f to %f, at most %i", (low, high, most, expected) => {
    expect(axisTicks(low, high, most)).toEqual(expected);
  });
  it("stay within the range and few", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (low, span) => {
          const ticks = axisTicks(low, low + span, 5);
          expect(ticks.length).toBeLessThanOrEqual(6);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(low - span * 1e-6);
            expect(tick).toBeLessThanOrEqual(low + span * (1 + 1e-6));
          }
        },
      ),
    );
  });
  it("tell any two apart, with as many decimals as say them, whatever their unit", () => {
    const share = metricFormat({ unit: "share" });
    expect(tickLabels([0, 0.0001, 0.0002, 0.0003], share)).toEqual(["0.00 %", "0.01 %", "0.02 %", "0.03 %"]);
    expect(tickLabels([0, 0.0025, 0.005], share)).toEqual(["0.00 %", "0.25 %", "0.50 %"]);
    expect(tickLabels([1_232_000, 1_234_000, 1_236_000], axisFormat("tokens"))).toEqual([
      "1.232 M",
      "1.234 M",
      "1.236 M",
    ]);
    expect(tickLabels([240, 245, 250], axisFormat("time"))).toEqual(["4 min 00 s", "4 min 05 s", "4 min 10 s"]);
    expect(tickLabels([245, 245.2, 245.4], axisFormat("time"))).toEqual(["245.0 s", "245.2 s", "245.4 s"]);
    expect(tickLabels([12, 12.05, 12.1], axisFormat("step"))).toEqual(["12.00", "12.05", "12.10"]);
    expect(tickLabels([0, 2e-8, 4e-8], formatNumber)).toEqual(["0", "2.00e−8", "4.00e−8"]);
  });

  it("have as many decimals as the finest needs, or the format they are given", () => {
    expect(tickLabels([0, 0.25, 0.5], formatNumber)).toEqual(["0.00", "0.25", "0.50"]);
    expect(tickLabels([0, 10, 20], formatNumber)).toEqual(["0", "10", "20"]);
    expect(tickLabels([0, 0.5], (tick) => formatPercent(tick, 0))).toEqual(["0 %", "50 %"]);
  });
});

describe("zoomAround", () => {
  const whole = { from: 0, to: 100 };
  it("keeps the place where it is on the screen", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), (share) => {
        const shown = { from: 20, to: 80 };
        const place = 20 + 60 * share;
        const zoomed = zoomAround(shown, whole, place, 0.5)!;
        expect((place - zoomed.from) / (zoomed.to - zoomed.from)).toBeCloseTo(share, 9);
        expect(zoomed.to - zoomed.from).toBeCloseTo(30, 9);
      }),
    );
  });
  it("is none when all is shown, and never goes beyond it", () => {
    expect(zoomAround({ from: 10, to: 90 }, whole, 50, 2)).toBeNull();
    expect(zoomAround({ from: 0, to: 20 }, whole, 10, 2)).toEqual({ from: 0, to: 30 });
  });
});

describe("nextPlace", () => {
  const x = [0, 0, 0, 4, 4, 9];
  const shown = { first: 0, last: 5 };
  it("passes places of one x together", () => {
    expect(nextPlace(x, { ...shown, from: 0, stride: 1 })).toBe(3);
    expect(nextPlace(x, { ...shown, from: 3, stride: 1 })).toBe(5);
    expect(nextPlace(x, { ...shown, from: 4, stride: -1 })).toBe(2);
  });
  it("begins before the first, and stays at the ends", () => {
    expect(nextPlace(x, { ...shown, from: -1, stride: 1 })).toBe(0);
    expect(nextPlace(x, { ...shown, from: 5, stride: 1 })).toBe(5);
    expect(nextPlace(x, { ...shown, from: 3, stride: -Infinity })).toBe(0);
  });
});

describe("seriesLook", () => {
  it("tells any two of 24 slots apart by colour, dash or marker", () => {
    const looks = Array.from({ length: 24 }, (_, slot) => JSON.stringify(seriesLook(slot)));
    expect(new Set(looks).size).toBe(24);
  });
  it("gives no two of the first slots the same colour, and neighbours another dash and marker too", () => {
    const looks = Array.from({ length: colourCount }, (_, slot) => seriesLook(slot));
    expect(new Set(looks.map(({ colour }) => colour)).size).toBe(colourCount);
    looks.slice(1).forEach((look, i) => {
      expect(look.dash).not.toEqual(looks[i]!.dash);
      expect(look.marker).not.toBe(looks[i]!.marker);
    });
  });
});
