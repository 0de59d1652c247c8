import type { Browser } from "@playwright/test";
import type { SeededServer } from "../../apps/dashboard/e2e/serve-seeded.ts";

/** What every measurement is made with. */
export interface Measuring {
  readonly browser: Browser;
  readonly served: SeededServer;
  /** How often each is made; each time in a browser context of its own, with nothing cached. */
  readonly times: number;
}
