import type { Hono } from "hono";
import { answer } from "../answer.ts";

/** Lets another process have the folder of the store: answered when it is free. */
export function addReleaseRoute(app: Hono, release: () => Promise<void>): void {
  app.post("/store/release", async () => {
    await release();
    return answer({ type: "released" });
  });
}
