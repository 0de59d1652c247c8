import * as core from "@litmus/core";
import { expect, it } from "vitest";
import { failureBoundaries, rolloutPurposes, runStatuses } from "./names.ts";

it("holds the lists of core, whole and in their order", () => {
  const { failureBoundaries: boundaries, rolloutPurposes: purposes, runStatuses: statuses } = core;
  expect([failureBoundaries, rolloutPurposes, runStatuses]).toEqual([boundaries, purposes, statuses]);
});
