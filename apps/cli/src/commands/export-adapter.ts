import { join, resolve } from "node:path";
import { LitmusError, runId, type Sha256 } from "@litmus/core";
import { experimentSchema } from "@litmus/experiment";
import { readLoraAdapter, writeLoraAdapter, writePeftAdapter } from "@litmus/models";
import { createReporter } from "../output/create-reporter.ts";
import { chooseCheckpoint, namedVersion } from "../wiring/choose-checkpoint.ts";
import { withStoredRuns, type StoredRuns } from "../wiring/with-stored-runs.ts";

interface ExportOptions {
  readonly dir: string;
  readonly store?: string | undefined;
  readonly json: boolean;
  readonly format: "gguf" | "peft";
  readonly policyVersion?: number;
}

/** `litmus export <run> <folder>`: one version's adapter for other engines. */
export async function exportAdapter(id: string, folder: string, options: ExportOptions): Promise<void> {
  await withStoredRuns(options, async (store) => {
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
  });
}

interface ExportedAdapter {
  readonly path: string;
  readonly sha256: Sha256;
  readonly reason: string;
  readonly baseModel: string;
}

async function adapterOf(store: StoredRuns, id: string, options: ExportOptions): Promise<ExportedAdapter> {
  const run = await store.run(runId(id));
  if (run === null)
    throw new LitmusError("not-found", `there is no run ${id} in ${options.dir}`, { hint: "litmus runs lists them" });
  const baseModel = experimentSchema.safeParse(run.config).data?.model.name ?? "unknown";
  const { adapter, reason } = await (options.policyVersion === undefined
    ? chooseCheckpoint(store, run, options.dir)
    : namedVersion(store, run, { directory: options.dir, version: options.policyVersion }));
  if (adapter === null)
    throw new LitmusError("not-found", `${reason} has no adapter`, { hint: "name a --policy-version from 1" });
  return { path: adapter.path, sha256: adapter.sha256, reason, baseModel };
}
