import { defineConfig, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

export default mergeConfig(
  base,
  defineConfig({ test: { env: { LITMUS_FAULT_TRIALS: "100" }, testTimeout: 1_800_000, name: "faults" } }),
);
