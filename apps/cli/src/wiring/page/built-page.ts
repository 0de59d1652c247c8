import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toLitmusError, type Sha256 } from "@litmus/core";
import { environment } from "../../environment.ts";
import { cancellation } from "../cancellation.ts";
import { exists } from "../exists.ts";
import { newBuildFolder, removeAbandonedBuilds } from "./build-folders.ts";
import { buildWithVite } from "./build-with-vite.ts";
import { hashSources } from "./page-sources.ts";

export interface BuildRequest {
  readonly packageDirectory: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Where sources are, and how they are built. */
export interface PageSources {
  /** What the folders are relative to. */
  readonly root: string;
  /** Whose contents it is made of; the first is the package that is built. */
  readonly folders: readonly [string, ...string[]];
  /** Folder of the package that it is built into, and a file that is in it when it is whole. */
  readonly target: { readonly folder: string; readonly file: string };
  /** Writes it into a folder that is not there yet, and has ended when it rejects. */
  readonly build: (request: BuildRequest) => Promise<void>;
}

const own = { root: environment.root, folders: ["apps/dashboard", "packages/api", "packages/core"] } as const;
const ownPage: PageSources = {
  ...own,
  target: { folder: "dist", file: "index.html" },
  build: (request) => buildWithVite({ ...request, config: "vite.config.ts" }),
};
const ownReport: PageSources = {
  ...own,
  target: { folder: "dist-report", file: "report.js" },
  build: (request) => buildWithVite({ ...request, config: "vite.report.config.ts" }),
};

/** In what was built: the hash of what it was made of. */
const stampName = "sources.sha256";

/**
 * The folder of the built page. It is built when it is missing, or was made of other sources; a page that comes without its sources
 * is taken as it is. A build that is under way when this process is asked to end is stopped, and leaves nothing.
 * @param onBuild told before it is built, which takes seconds
 * @throws LitmusError as {@link buildWithVite}; `interrupted`
 */
export async function builtPage(onBuild: () => void = () => {}, sources: PageSources = ownPage): Promise<string> {
  const { target } = sources;
  const packageDirectory = join(sources.root, sources.folders[0]);
  const dist = join(packageDirectory, target.folder);
  if (!(await exists(join(packageDirectory, "src"))) && (await exists(join(dist, target.file)))) return dist;
  const hash = await hashSources(sources.root, sources.folders);
  if ((await stampOf(dist)) === hash) return dist;
  onBuild();
  await removeAbandonedBuilds(dist);
  const folder = newBuildFolder(dist);
  const stopping = cancellation(() => undefined);
  try {
    await sources.build({ packageDirectory, folder, signal: stopping.signal });
    await writeFile(join(folder, stampName), hash);
    await putInPlace(folder, dist, hash);
  } finally {
    stopping.dispose();
    await rm(folder, { recursive: true, force: true });
  }
  return dist;
}

/** The module that draws reports, built as {@link builtPage} is. @throws LitmusError as it does */
export async function builtReport(onBuild?: () => void): Promise<string> {
  return join(await builtPage(onBuild, ownReport), ownReport.target.file);
}

/** A folder cannot be replaced in one step: an old one is moved away first. Another process may be doing the same. */
async function putInPlace(made: string, dist: string, hash: Sha256): Promise<void> {
  const old = newBuildFolder(dist);
  try {
    for (;;) {
      if ((await stampOf(dist)) === hash) return;
      await rename(dist, old).catch(unless("ENOENT"));
      const isPlaced = await rename(made, dist).then(
        () => true,
        (cause: unknown) => (unless("ENOTEMPTY", "EEXIST")(cause), false),
      );
      if (isPlaced) return;
      await rm(old, { recursive: true, force: true });
    }
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}

const unless =
  (...codes: readonly string[]) =>
  (cause: unknown): void => {
    if (!(cause instanceof Error && "code" in cause && codes.includes(String(cause.code)))) throw toLitmusError(cause);
  };

const stampOf = (dist: string): Promise<string | null> => readFile(join(dist, stampName), "utf8").catch(() => null);
