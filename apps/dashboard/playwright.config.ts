import { defineConfig } from "@playwright/test";
import { chromiumPath } from "./e2e/chromium.ts";

/** Tests of the built page in Debian's Chromium, on a store and a server of their own. No test waits for time. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "../../node_modules/.cache/playwright",
  reporter: [["list"], ["../../scripts/closing-line-playwright.ts"]],
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: "http://127.0.0.1",
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    // As root in a container Chromium has no sandbox; the pages under test are our own.
    launchOptions: { executablePath: chromiumPath, args: ["--no-sandbox"] },
  },
});
