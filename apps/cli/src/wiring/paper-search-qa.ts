import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { LitmusError, sha256, sha256OfFile, type Problem, type Sha256 } from "@litmus/core";
import { paperSearchQaFields, readProblems, splitByConnectedComponents } from "@litmus/corpus";
import type { ExperimentConfig, ProblemSplits } from "@litmus/experiment";
import { fetchHubFile, type HubFile } from "@litmus/models";
import { z } from "zod";

type PaperSearchQaConfig = Extract<ExperimentConfig["problems"], { type: "paper-search-qa" }>;

export interface PaperSearchQaOptions {
  readonly seed: number;
  readonly configDirectory: string;
  readonly cacheDirectory: string;
  readonly offline: boolean;
  readonly onProgress: (file: string, doneBytes: number, totalBytes: number | null) => void;
  readonly hub?: Pick<HubFile, "baseUrl" | "retryDelaysMs">;
}

const parts = ["train", "test"] as const;
type Part = (typeof parts)[number];

/**
 * The questions of PaperSearchQA: its test part as it is, its training part divided into training and validation. A training question
 * whose abstract the test part asks about is left out. Hashes of the files are kept at the first reading and compared at every later one.
 * @throws LitmusError `corrupt-file` when a file is not the one that was read first; `invalid-data` for other columns or numbers
 * of rows; `not-found`; `unavailable`
 */
export async function loadPaperSearchQa(
  config: PaperSearchQaConfig,
  options: PaperSearchQaOptions,
): Promise<ProblemSplits> {
  const paths = await filesOf(config, options);
  await compareHashes(paths, lockOf(config, options));
  const [train, test] = [await readPart(config, "train", paths.train), await readPart(config, "test", paths.test)];
  const asked = new Set(test.flatMap(({ goldRecordIds }) => goldRecordIds));
  const apart = train.filter(({ goldRecordIds }) => !goldRecordIds.some((id) => asked.has(id)));
  const shares = { train: 1 - config.validationShare, validation: config.validationShare, test: 0 };
  const split = splitByConnectedComponents(apart, { seed: options.seed, shares });
  return { train: split.train, validation: split.validation, test };
}

type Paths = Readonly<Record<Part, string>>;

async function filesOf({ source, files }: PaperSearchQaConfig, options: PaperSearchQaOptions): Promise<Paths> {
  if (source.type === "path") {
    const folder = resolve(options.configDirectory, source.path);
    return { train: join(folder, files.train), test: join(folder, files.test) };
  }
  const folder = join(options.cacheDirectory, "datasets", source.repository, source.revision);
  const paths = { train: join(folder, "train", "part.parquet"), test: join(folder, "test", "part.parquet") };
  for (const part of parts) await fetchPart({ source, file: files[part], path: paths[part], options });
  return paths;
}

interface PartFetch {
  readonly source: Extract<PaperSearchQaConfig["source"], { type: "hub" }>;
  readonly file: string;
  readonly path: string;
  readonly options: PaperSearchQaOptions;
}

async function fetchPart({ source, file, path, options }: PartFetch): Promise<void> {
  const { repository, revision } = source;
  if (options.offline) return;
  await fetchHubFile({
    source: { type: "hub", repository: `datasets/${repository}`, file, revision },
    path,
    onBytes: (done, total) => options.onProgress(file, done, total),
    ...options.hub,
  });
}

/** Beside fetched files; for a folder of the user's own, in the cache. */
function lockOf({ source, files }: PaperSearchQaConfig, options: PaperSearchQaOptions): string {
  const folder = join(options.cacheDirectory, "datasets");
  if (source.type === "hub") return join(folder, source.repository, source.revision, "hashes.json");
  const name = sha256(JSON.stringify([resolve(options.configDirectory, source.path), files])).slice(0, 16);
  return join(folder, "folders", name, "hashes.json");
}

const lockSchema = z.strictObject({ train: z.string(), test: z.string() });

async function compareHashes(paths: Paths, lockPath: string): Promise<void> {
  const found: Record<Part, Sha256> = { train: await hashOf(paths.train), test: await hashOf(paths.test) };
  const text = await readFile(lockPath, "utf8").catch(() => null);
  if (text === null) return keepHashes(lockPath, found);
  const locked = lockSchema.parse(JSON.parse(text));
  for (const part of parts) {
    if (locked[part] === found[part]) continue;
    throw new LitmusError("corrupt-file", `${paths[part]} is not the file that was read first`, {
      path: paths[part],
      hint: `bring the old file back; where the new one is meant, delete ${lockPath}`,
    });
  }
}

async function keepHashes(path: string, hashes: Record<Part, Sha256>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.partial`, `${JSON.stringify(hashes, null, 1)}\n`);
  await rename(`${path}.partial`, path);
}

async function hashOf(path: string): Promise<Sha256> {
  return sha256OfFile(path).catch((cause: unknown) => {
    throw new LitmusError("not-found", `the questions ${path} cannot be read`, {
      path: "problems.source",
      hint: "name the folder with the published files, or a revision of the hub's repository",
      cause,
    });
  });
}

async function readPart({ rows }: PaperSearchQaConfig, part: Part, path: string): Promise<Problem[]> {
  // The published set names no rows, and nothing keeps a question from occurring twice: its number tells each apart.
  const problems = await readProblems({ path, fields: paperSearchQaFields, idPrefix: `${part}:`, ids: "row" });
  if (problems.length === rows[part]) return problems;
  throw new LitmusError("invalid-data", `${path} has ${problems.length} rows, not ${rows[part]}`, {
    path: `problems.rows.${part}`,
    hint: "PaperSearchQA has 54,907 and 5,000: name another revision, or the numbers of your own file",
  });
}
