import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

const { globalSetup: _noModelNeeded, include: _others, ...test } = base.test ?? {};

/** The tests that kill and fill at random, with a hundred trials each instead of ten. */
export default mergeConfig(
  { ...base, test },
  defineConfig({
    test: {
      name: "faults",
      include: ["packages/store/src/{store-kill,disk-full}.test.ts"],
      env: { LITMUS_FAULT_TRIALS: "100" },
      testTimeout: 1_800_000,
    },
  }),
);
