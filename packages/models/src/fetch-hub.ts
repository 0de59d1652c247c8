import { mkdir, open, rename, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { LitmusError, sha256OfFile } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { downloadRest } from "./download-rest.ts";
import { modelDirectory, modelPath } from "./model-cache.ts";
import type { HubSource } from "./model-spec.ts";
import { claimPartial, releasePartial, removeAbandonedPartials, sizeIfThere } from "./partial-file.ts";
import { throwIfAborted } from "./throw-if-aborted.ts";
import { syncDirectory, wrongHash } from "./write-atomically.ts";

/** How a file is downloaded from a hub. */
export interface HubDownload {
  readonly source: HubSource;
  readonly baseUrl?: string;
  /** For repositories that ask for one; sent to the hub alone, not to where it redirects. */
  readonly token?: string;
  /** Waits before each further try, after a cut connection or a busy server. */
  readonly retryDelaysMs?: readonly number[];
  /** Longest silence of the server. */
  readonly stallTimeoutMs?: number;
  readonly onBytes: (doneBytes: number, totalBytes: number | null) => void;
  readonly signal?: AbortSignal;
}

export interface HubFetch extends HubDownload {
  readonly sha256: Sha256;
  readonly cacheDirectory: string;
}

const defaultBaseUrl = "https://huggingface.co";
const defaultRetryDelaysMs = [500, 2_000, 8_000, 20_000];
const defaultStallTimeoutMs = 60_000;

/** The address of a file of a repository. */
export function hubUrl(source: HubSource, baseUrl: string = defaultBaseUrl): string {
  return `${baseUrl}/${source.repository}/resolve/${encodeURIComponent(source.revision)}/${source.file}`;
}

/**
 * Downloads a model into the cache. A cut download goes on where it stopped, also in a later process;
 * the file gets its name only after its hash was checked.
 * @throws LitmusError `unavailable`, `corrupt-file` (another content), `out-of-space` or `interrupted`
 */
export async function fetchHub(request: HubFetch): Promise<string> {
  const directory = modelDirectory(request.cacheDirectory, request.sha256);
  await mkdir(directory, { recursive: true });
  const partial = await claimPartial(directory);
  try {
    await downloadVerified(request, partial);
    const path = modelPath(request.cacheDirectory, request.sha256);
    await publish(partial, path, directory);
    await removeAbandonedPartials(directory);
    return path;
  } finally {
    await releasePartial(partial);
  }
}

/** A resumed file may have had another beginning: one that fails its hash is fetched once more from the start. */
async function downloadVerified(request: HubFetch, partial: string): Promise<void> {
  const wasResumed = (await sizeIfThere(partial)) > 0;
  for (const isLastTry of wasResumed ? [false, true] : [true]) {
    await downloadWithRetries(request, partial);
    const found = await sha256OfFile(partial);
    if (found === request.sha256) return;
    await rm(partial, { force: true });
    if (isLastTry) throw wrongHash(hubUrl(request.source, request.baseUrl), found, request.sha256);
  }
}

/** Fetches what the partial file still lacks. @throws LitmusError as {@link fetchHub}, but for the content */
export async function downloadWithRetries(request: HubDownload, partial: string): Promise<void> {
  const delaysMs = request.retryDelaysMs ?? defaultRetryDelaysMs;
  for (let attempt = 0; ; attempt++) {
    throwIfAborted(request.signal, `the download of ${request.source.file}`);
    try {
      await downloadRest({
        url: hubUrl(request.source, request.baseUrl),
        path: partial,
        token: request.token,
        stallTimeoutMs: request.stallTimeoutMs ?? defaultStallTimeoutMs,
        onBytes: request.onBytes,
        signal: request.signal,
      });
      return;
    } catch (error) {
      throwIfAborted(request.signal, `the download of ${request.source.file}`);
      const delayMs = delaysMs[attempt];
      if (delayMs === undefined || !(LitmusError.isInstance(error) && error.retryable)) throw error;
      await delayOrAbort(delayMs, request.signal);
    }
  }
}

/** Resolves early when aborted: the next look at the signal says so. */
async function delayOrAbort(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(delayMs, undefined, signal && { signal }).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}

/** Gives a whole file its name. */
export async function publish(partial: string, path: string, directory: string): Promise<void> {
  const handle = await open(partial, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, path);
  await syncDirectory(directory);
}
