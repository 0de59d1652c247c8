import { join } from "node:path";
import { buildKernels } from "@litmus/policy";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";

export const kernelsDirectory = join(environment.cacheDirectory, "kernels");

/** The sampler's kernels, built into the cache where that can be done; null for those that come ready-made. */
export function openKernels(reporter: Reporter): Promise<string | null> {
  return buildKernels({ directory: kernelsDirectory, note: (text) => reporter.note(text) });
}
