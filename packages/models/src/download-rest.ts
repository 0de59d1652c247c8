import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { LitmusError } from "@litmus/core";
import { sizeIfThere } from "./partial-file.ts";
import { refuseFullDisk } from "./write-atomically.ts";

export interface Download {
  readonly url: string;
  /** The bytes so far; made where it is missing. */
  readonly path: string;
  readonly token: string | undefined;
  readonly stallTimeoutMs: number;
  readonly onBytes: (doneBytes: number, totalBytes: number | null) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Fetches what a file still lacks, with one request. A server that cannot resume sends all, and the file starts anew.
 * @throws LitmusError `unavailable`, retryable after a cut, a silence or a busy server; `out-of-space`
 */
export async function downloadRest(download: Download): Promise<void> {
  const haveBytes = await sizeIfThere(download.path);
  const watch = new SilenceWatch(download);
  try {
    const response = await request(download, haveBytes, watch);
    // The file is longer than the whole: its hash decides what it is.
    if (response.status === 416) return;
    const startBytes = startOf(response, haveBytes);
    await using handle = await open(download.path, startBytes === 0 ? "w" : "r+");
    await writeBody(response, { handle, startBytes, download, watch });
  } finally {
    watch.stop();
  }
}

async function request(download: Download, haveBytes: number, watch: SilenceWatch): Promise<Response> {
  const headers = new Headers({ "accept-encoding": "identity" });
  if (haveBytes > 0) headers.set("range", `bytes=${haveBytes}-`);
  if (download.token !== undefined) headers.set("authorization", `Bearer ${download.token}`);
  const response = await fetch(download.url, { headers, signal: watch.signal }).catch((error: unknown) => {
    throw unreachable(download.url, error);
  });
  const isUsable = response.status === 200 || response.status === 206 || (response.status === 416 && haveBytes > 0);
  if (!isUsable) {
    await response.body?.cancel();
    throw refused(download.url, response.status);
  }
  return response;
}

function refused(url: string, status: number): LitmusError {
  const isBusy = status === 429 || status === 408 || status >= 500;
  const hint = status === 401 || status === 403 ? { hint: "this repository asks for a token and for its terms" } : {};
  return new LitmusError("unavailable", `${url} answered with status ${status}`, { retryable: isBusy, ...hint });
}

function unreachable(url: string, error: unknown): LitmusError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LitmusError("unavailable", `${url}: ${reason}`, { retryable: true, cause: error });
}

/** Where the body belongs: 0 unless the server goes on exactly where the file ends. */
function startOf(response: Response, haveBytes: number): number {
  if (response.status !== 206) return 0;
  const start = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (Number(start) === haveBytes) return haveBytes;
  throw new LitmusError("unavailable", `${response.url} sent another range than it was asked for`);
}

interface Writing {
  readonly handle: FileHandle;
  readonly startBytes: number;
  readonly download: Download;
  readonly watch: SilenceWatch;
}

async function writeBody(response: Response, writing: Writing): Promise<void> {
  const { download, handle, watch } = writing;
  const restBytes = Number(response.headers.get("content-length") ?? Number.NaN);
  if (restBytes > 0) await refuseFullDisk(download.path, restBytes);
  const totalBytes = Number.isFinite(restBytes) ? writing.startBytes + restBytes : null;
  let doneBytes = writing.startBytes;
  for await (const chunk of bodyChunks(response, download.url)) {
    watch.heard();
    let written = 0;
    while (written < chunk.byteLength) {
      const rest = chunk.subarray(written);
      written += (await handle.write(rest, 0, rest.byteLength, doneBytes + written)).bytesWritten;
    }
    doneBytes += chunk.byteLength;
    download.onBytes(doneBytes, totalBytes);
  }
}

/** The body's chunks; only what the network does becomes retryable. */
async function* bodyChunks(response: Response, url: string): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read().catch((error: unknown) => {
      throw unreachable(url, error);
    });
    if (part === undefined || part.done) return;
    yield part.value;
  }
}

/** Aborts a request when the server is silent for too long, or when the caller's signal does. */
class SilenceWatch {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #stallTimeoutMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(download: Pick<Download, "signal" | "stallTimeoutMs">) {
    this.#stallTimeoutMs = download.stallTimeoutMs;
    this.signal = AbortSignal.any([this.#controller.signal, ...(download.signal ? [download.signal] : [])]);
    this.heard();
  }

  heard(): void {
    clearTimeout(this.#timer);
    const reason = new Error(`the server was silent for ${this.#stallTimeoutMs} ms`);
    this.#timer = setTimeout(() => this.#controller.abort(reason), this.#stallTimeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
