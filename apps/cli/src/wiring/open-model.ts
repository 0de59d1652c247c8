import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Sha256 } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { cachedF16, modelPath, modelSpecSchema, resolveModel } from "@litmus/models";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";

/** The model file that the sampler and the trainer read. */
export interface OpenedModel {
  readonly path: string;
  /** Of the file that is read. */
  readonly sha256: Sha256;
  /** Of the file as published: what adapters name as their base. */
  readonly publishedSha256: Sha256;
  readonly downloadSeconds: number;
}

/** Fetches the model once into the cache, and dequantises it once if the config asks for F16. */
export async function openModel(
  config: ExperimentConfig["model"],
  options: { configDirectory: string; reporter: Reporter; signal?: AbortSignal },
): Promise<OpenedModel> {
  const { reporter, configDirectory } = options;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const resolved = await resolveModel(
    modelSpecSchema.parse({
      sha256: config.sha256,
      sources: config.sources.map((source) =>
        source.type === "path" ? { ...source, path: resolve(configDirectory, source.path) } : source,
      ),
    }),
    {
      cacheDirectory: environment.cacheDirectory,
      offline: environment.offline,
      onProgress: ({ doneBytes, totalBytes }) => reporter.progress(`fetching ${config.name}`, doneBytes, totalBytes),
      ...signal,
    },
  );
  const published = { publishedSha256: resolved.sha256, downloadSeconds: resolved.downloadSeconds };
  if (config.weights === "as-published") return { path: resolved.path, sha256: resolved.sha256, ...published };
  const converted = await cachedF16({
    source: resolved.path,
    sourceSha256: resolved.sha256,
    cacheDirectory: environment.cacheDirectory,
    onProgress: ({ doneBytes, totalBytes }) =>
      reporter.progress(`dequantising ${config.name} to F16`, doneBytes, totalBytes),
    ...signal,
  });
  return { ...converted, ...published };
}

/** The file of a model that is on this machine; null where it would have to be fetched. */
export async function cachedModelFile(
  config: ExperimentConfig["model"],
  configDirectory: string,
): Promise<string | null> {
  const sources = config.sources.filter((source) => source.type === "path");
  const candidates = sources.map((source) => resolve(configDirectory, source.path));
  if (config.sha256 !== null) candidates.push(modelPath(environment.cacheDirectory, config.sha256 as Sha256));
  const found = await Promise.all(
    candidates.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return candidates[found.indexOf(true)] ?? null;
}

/** Whether an experiment's model needs no fetching. */
export async function isModelCached(config: ExperimentConfig["model"], configDirectory: string): Promise<boolean> {
  return (await cachedModelFile(config, configDirectory)) !== null;
}

export const directoryOf = (configPath: string): string => dirname(resolve(configPath));
