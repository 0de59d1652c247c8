import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  LitmusError,
  sha256OfFile,
  type AdapterReference,
  type PolicyVersion,
  type RunId,
  type TrajectoryStore,
} from "@litmus/core";

/** Where a worker has the adapters of runs from. */
export interface AdapterSource {
  readonly store: Pick<TrajectoryStore, "policyVersions">;
  /** The folder of the runs as this machine sees it, or the http address at which it is served. */
  readonly runs: string;
  /** For files that were fetched. */
  readonly cacheDirectory: string;
}

/**
 * A published version's adapter as a file of this machine; null for the base policy.
 * @throws LitmusError `not-found` for a version that the store does not know or a file that is not there; `corrupt-file` when
 * what was fetched is not what was published; `unavailable`
 */
export async function adapterOf(
  source: AdapterSource,
  runId: RunId,
  version: PolicyVersion,
): Promise<AdapterReference | null> {
  if (version === 0) return null;
  const adapter = (await source.store.policyVersions(runId)).find((each) => each.version === version)?.adapter;
  if (adapter === undefined || adapter === null)
    throw new LitmusError("not-found", `run ${runId} has published no version ${version}`);
  if (!/^https?:/.test(source.runs)) return { ...adapter, path: join(source.runs, runId, adapter.path) };
  const path = join(source.cacheDirectory, "adapters", `${adapter.sha256}.gguf`);
  if ((await sha256OfFile(path).catch(() => null)) !== adapter.sha256)
    await fetchAdapter(`${source.runs.replace(/\/$/, "")}/${runId}/${adapter.path}`, { ...adapter, path });
  return { ...adapter, path };
}

/** A file of this name is whole: it is renamed when it is what was published. */
async function fetchAdapter(address: string, { path, sha256 }: AdapterReference): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await mkdir(join(path, ".."), { recursive: true });
  try {
    await writeFile(partial, await download(address));
    if ((await sha256OfFile(partial)) !== sha256)
      throw new LitmusError("corrupt-file", `${address} is not the adapter that was published`, {
        path: address,
        hint: "check what serves the runs folder",
        retryable: true,
      });
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

const timeoutMs = 120_000;

async function download(address: string): Promise<Uint8Array> {
  const unavailable = (what: string, cause?: unknown): LitmusError =>
    new LitmusError("unavailable", `the adapter ${address} cannot be fetched: ${what}`, {
      hint: "check --runs, and that the runs folder is served there",
      retryable: true,
      cause,
    });
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    throw unavailable("nothing answers", cause);
  });
  if (!response.ok) throw unavailable(`status ${response.status}`);
  return response.bytes().catch((cause: unknown) => {
    throw unavailable("the answer broke off", cause);
  });
}
