import { expect, it } from "vitest";
import { metricFormat } from "./metric-format.ts";

it("writes shares that one decimal would make nothing of", () => {
  const written = metricFormat({ unit: "share" });
  expect([0, 0.0002, 0.00153, 0.375].map((share) => written(share))).toEqual(["0.0 %", "0.020 %", "0.2 %", "37.5 %"]);
});
