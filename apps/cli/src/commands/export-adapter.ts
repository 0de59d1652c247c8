import { join, resolve } from "node:path";
import { LitmusError, runId, type Sha256, type TrajectoryStore } from "@litmus/core";
import { experimentSchema } from "@litmus/experiment";
import { readLoraAdapter, writeLoraAdapter, writePeftAdapter } from "@litmus/models";
import { createReporter } from "../output/create-reporter.ts";
import { chooseCheckpoint } from "../wiring/choose-checkpoint.ts";
import { openStoredRuns } from "../wiring/with-stored-runs.ts";

interface ExportOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly format: "gguf" | "peft";
  readonly policyVersion?: string;
}

/** `litmus export <run> <folder>`: one version's adapter for other engines. */
export async function exportAdapter(id: string, folder: string, options: ExportOptions): Promise<void> {
  const store = await openStoredRuns(options.dir);
  try {
    const source = await adapterOf(store, id, options);
    const adapter = await readLoraAdapter(source.path, { baseSha256: null, sha256: source.sha256 });
    const target = resolve(folder);
    if (options.format === "peft") await writePeftAdapter(target, adapter, source.baseModel);
    else await writeLoraAdapter(join(target, "adapter.gguf"), { ...adapter, type: "F16" });
    const text = `${source.reason}: written to ${target} as ${options.format}`;
    createReporter(options.json).result(
      {
        type: "exported",
        runId: id,
        version: adapter.version,
        format: options.format,
        folder: target,
        baseSha256: adapter.baseSha256,
      },
      text,
    );
  } finally {
    await store.close();
  }
}

interface ExportedAdapter {
  readonly path: string;
  readonly sha256: Sha256;
  readonly reason: string;
  readonly baseModel: string;
}

async function adapterOf(store: TrajectoryStore, id: string, options: ExportOptions): Promise<ExportedAdapter> {
  const run = await store.run(runId(id));
  if (run === null)
    throw new LitmusError("not-found", `there is no run ${id} in ${options.dir}`, { hint: "litmus runs lists them" });
  const baseModel = experimentSchema.safeParse(run.config).data?.model.name ?? "unknown";
  if (options.policyVersion === undefined) {
    const { adapter, reason } = await chooseCheckpoint(store, run, options.dir);
    if (adapter === null)
      throw new LitmusError("not-found", `${reason} answers best, and has no adapter`, {
        hint: "name a --policy-version",
      });
    return { path: adapter.path, sha256: adapter.sha256, reason, baseModel };
  }
  const checkpoints = await store.checkpoints(run.id);
  const found = checkpoints.find(({ state }) => state.version === Number(options.policyVersion));
  if (found === undefined)
    throw new LitmusError("not-found", `run ${id} has no version ${options.policyVersion}`, {
      path: "--policy-version",
      hint: `its versions are ${[...new Set(checkpoints.map(({ state }) => state.version))].join(", ")}`,
    });
  const path = join(options.dir, run.id, found.state.adapterPath);
  return {
    path,
    sha256: found.state.adapterSha256,
    reason: `version ${found.state.version} of run ${id}`,
    baseModel,
  };
}
