import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ChartReadout } from "./chart-readout.tsx";
import type { ReadValue } from "./plot-view.ts";

const said = (value: Omit<ReadValue, "id">): string =>
  renderToStaticMarkup(
    <ChartReadout
      reading={{ x: 4, isLeft: true, values: [{ id: "a", ...value }] }}
      series={[{ id: "a", label: "run a", slot: 0, x: [4], y: [1] }]}
      xLabel="Step"
      formatX={String}
      formatY={String}
    />,
  ).replace(/<[^>]+>/gu, "");

it("says whose interval it is, and of how many runs", () => {
  const point = { y: 0.5, low: 0.4, high: 0.6, n: 2 };
  expect(said({ point, smoothed: null })).toBe("Step 4run a0.5 (0.4–0.6) n 2");
  expect(said({ point, smoothed: 0.7 })).toBe("Step 4run asmoothed 0.7, raw 0.5 (0.4–0.6) n 2");
  expect(said({ point: { y: 0.5, low: null, high: null, n: null }, smoothed: null })).toBe("Step 4run a0.5");
});
