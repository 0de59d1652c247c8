import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that goes away with the test that asked for it. */
export async function scratchDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "litmus-models-"));
  onTestFinished(async () => rm(path, { recursive: true, force: true }));
  return path;
}
