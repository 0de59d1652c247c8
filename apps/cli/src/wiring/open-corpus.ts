import { join, resolve } from "node:path";
import { LitmusError, sha256, sha256OfFile, toLitmusError } from "@litmus/core";
import { readRecords } from "@litmus/corpus";
import type { ExperimentConfig } from "@litmus/experiment";
import { buildIndex, openIndex, type Bm25Index, type Bm25Preset } from "@litmus/retrieval";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";

interface CorpusConfig {
  readonly corpus: ExperimentConfig["corpus"];
  readonly preset: Bm25Preset;
}

/** The index of a corpus: built on demand into the cache, once for each content of the file. */
export async function openCorpus(
  { corpus, preset }: CorpusConfig,
  options: { configDirectory: string; reporter: Reporter; signal?: AbortSignal },
): Promise<Bm25Index> {
  const path = resolve(options.configDirectory, corpus.path);
  const key = sha256(`${await hashOf(path)} ${JSON.stringify(corpus.fields)} ${corpus.idSpace}`).slice(0, 16);
  const directory = join(environment.cacheDirectory, "indexes", `${corpus.name}-${key}`);
  const opened = await openExisting(directory, preset);
  if (opened !== null) return opened;
  await buildIndex({
    records: readRecords({ path, fields: corpus.fields, idSpace: corpus.idSpace }),
    directory,
    name: corpus.name,
    idSpace: corpus.idSpace,
    onProgress: ({ phase, records }) => options.reporter.progress(`${phase} ${corpus.name}`, records, null),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return openIndex(directory, { preset });
}

async function openExisting(directory: string, preset: Bm25Preset): Promise<Bm25Index | null> {
  try {
    return await openIndex(directory, { preset });
  } catch (cause) {
    if (toLitmusError(cause).code === "not-found") return null;
    throw cause;
  }
}

async function hashOf(path: string): Promise<string> {
  try {
    return await sha256OfFile(path);
  } catch (cause) {
    throw new LitmusError("not-found", `the corpus ${path} cannot be read`, {
      path: "corpus.path",
      hint: "name a JSONL file of records; the path is relative to the experiment file",
      cause,
    });
  }
}
