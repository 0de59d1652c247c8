import { expect, it } from "vitest";
import type { ChartZoom } from "./chart-zoom.ts";
import { pressKey } from "./press-key.ts";
import type { PressedKey } from "./press-key.ts";

function play(patch: Partial<PressedKey>) {
  const moved: unknown[] = [];
  const zoomed: (ChartZoom | null)[] = [];
  const plot = {
    scales: { x: { min: 0, max: 9 } },
    data: [[0, 0, 0, 4, 9]] as [number[]],
    cursor: { idx: 0 },
    over: { clientHeight: 20 },
    valToPos: (value: number) => 10 * value,
    setCursor: (at: unknown) => void moved.push(at),
  };
  const event: PressedKey = { key: "ArrowRight", ctrlKey: false, metaKey: false, altKey: false, ...patch };
  return { isTaken: pressKey(plot, event, { onZoom: (zoom) => void zoomed.push(zoom) }), moved, zoomed };
}

it("goes to the next place of x, past points that stand at one", () => {
  expect(play({})).toEqual({ isTaken: true, moved: [{ left: 40, top: 10 }], zoomed: [] });
});

it("zooms around the crosshair", () => {
  expect(play({ key: "+" }).zoomed).toEqual([{ from: 0, to: 5.3999999999999995 }]);
});

it.each(["ctrlKey", "metaKey", "altKey"] as const)("leaves a key with %s to the browser", (modifier) => {
  const nothing = { isTaken: false, moved: [], zoomed: [] };
  expect(play({ [modifier]: true })).toEqual(nothing);
  expect(play({ key: "-", [modifier]: true })).toEqual(nothing);
});
