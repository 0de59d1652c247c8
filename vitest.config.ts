import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "datasets/**/*.test.ts",
      "examples/**/*.test.ts",
      "scripts/mutations/*.test.ts",
    ],
    globalSetup: ["scripts/test-model.ts"],
    reporters: ["default", "./scripts/closing-line-reporter.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: "forks",
  },
});
