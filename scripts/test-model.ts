import { parseConfig } from "../packages/experiment/src/index.ts";
import { cachedF16, modelSpecSchema, resolveModel } from "../packages/models/src/index.ts";
import { buildKernels } from "../packages/policy/src/index.ts";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

const cacheDirectory =
  process.env["LITMUS_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "litmus");

/**
 * Brings the quickstart's model and the sampler's kernels into the cache once, so that the tests find them.
 * Where they cannot be had, tests that need them are skipped, and this says why.
 */
export default async function provide(): Promise<void> {
  await provideKernels();
  await provideModel();
}

async function provideKernels(): Promise<void> {
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const kernels = await buildKernels({ directory: join(cacheDirectory, "kernels"), note });
  if (kernels !== null) process.env["LITMUS_TEST_KERNELS"] = kernels;
}

async function provideModel(): Promise<void> {
  if (process.env["LITMUS_TEST_MODEL"] !== undefined) return;
  try {
    const { config } = parseConfig(await readFile("configs/quickstart.yaml", "utf8"), {
      path: "configs/quickstart.yaml",
    });
    const { sha256, sources } = config.model;
    const model = await resolveModel(modelSpecSchema.parse({ sha256, sources }), { cacheDirectory });
    const half = await cachedF16({ source: model.path, sourceSha256: model.sha256, cacheDirectory });
    process.env["LITMUS_TEST_MODEL"] = model.path;
    process.env["LITMUS_TEST_MODEL_F16"] = half.path;
  } catch (error) {
    process.stderr.write(`the model cannot be had, so tests that need it are skipped: ${String(error)}\n`);
  }
}
