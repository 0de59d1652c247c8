import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "apps/dashboard/e2e/**/*.test.ts",
      "apps/dashboard/src/**/*.test.tsx",
      "datasets/**/*.test.ts",
      "examples/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    globalSetup: ["scripts/test-model.ts"],
    reporters: ["default", "./scripts/closing-line-reporter.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    pool: "forks",
  },
});
