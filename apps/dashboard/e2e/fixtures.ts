import { expect, test as base } from "@playwright/test";
import { whyNoChromium } from "./chromium.ts";
import { watchTrouble, type Trouble } from "./trouble.ts";
import { serveSeeded, type SeededServer, type SeedName } from "./serve-seeded.ts";

export { expect } from "@playwright/test";

interface WorkerFixtures {
  /** Which store is served: `test.use({ seed: "hostile" })` at the top of a file. */
  readonly seed: SeedName;
  readonly seeded: SeededServer;
  /** Of the server that the pages are opened from. */
  readonly address: string;
}

interface TestFixtures {
  readonly needsChromium: undefined;
  /** Of every test: it fails when its page had any. */
  readonly trouble: Trouble;
}

/** Tests against the real server on a seeded store; relative addresses are its own. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  seed: ["small", { option: true, scope: "worker" }],
  seeded: [
    async ({ seed }, provide) => {
      const seeded = await serveSeeded(seed);
      await provide(seeded);
      await seeded.close();
    },
    { scope: "worker" },
  ],
  address: [async ({ seeded }, provide) => provide(seeded.address), { scope: "worker" }],
  baseURL: async ({ address }, provide) => provide(address),
  needsChromium: [
    async ({ browserName: _browserName }, provide, testInfo) => {
      testInfo.skip(whyNoChromium !== null, whyNoChromium ?? "");
      await provide(undefined);
    },
    { auto: true },
  ],
  trouble: [
    async ({ needsChromium: _needsChromium, page, address }, provide) => {
      const trouble = await watchTrouble(page, address);
      await provide(trouble);
      expect(trouble.seen).toEqual([]);
    },
    { auto: true },
  ],
});
