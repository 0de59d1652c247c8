import { randomUUID } from "node:crypto";
import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
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
 * @throws LitmusError `not-found` for a version that the store does not know; `unavailable` for a file that is not there, or not yet;
 * `corrupt-file` when what was fetched is not what was published
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
  if (!isAddress(source.runs)) {
    const path = join(source.runs, runId, adapter.path);
    await access(path).catch((cause: unknown) => {
      throw unavailable(path, "there is no such file", cause);
    });
    return { ...adapter, path };
  }
  const path = join(source.cacheDirectory, "adapters", `${adapter.sha256}.gguf`);
  if ((await sha256OfFile(path).catch(() => null)) !== adapter.sha256)
    await fetchAdapter(`${source.runs.replace(/\/$/, "")}/${runId}/${adapter.path}`, { ...adapter, path });
  return { ...adapter, path };
}

const isAddress = (runs: string): boolean => /^https?:/.test(runs);

/** The runs folder that a user names. @throws LitmusError `invalid-config` for an address with credentials, which is not repeated */
export function readRuns(text: string): string {
  if (!isAddress(text)) return resolve(text);
  const url = URL.parse(text);
  if (url !== null && url.username === "" && url.password === "") return text;
  throw new LitmusError("invalid-config", "the address of the runs folder holds credentials, or is none", {
    path: "--runs",
    hint: "serve the folder where only workers can reach it, or share it as a file system",
  });
}

function unavailable(where: string, what: string, cause?: unknown): LitmusError {
  return new LitmusError("unavailable", `the adapter ${where} cannot be had: ${what}`, {
    path: "--runs",
    hint: "check --runs, and that the trainer's runs folder is there",
    retryable: true,
    cause,
  });
}

/** A file of this name is whole: it is renamed when it is what was published. */
async function fetchAdapter(address: string, { path, sha256 }: AdapterReference): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
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
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    throw unavailable(address, "nothing answers", cause);
  });
  if (!response.ok) throw unavailable(address, `status ${response.status}`);
  return response.bytes().catch((cause: unknown) => {
    throw unavailable(address, "the answer broke off", cause);
  });
}
