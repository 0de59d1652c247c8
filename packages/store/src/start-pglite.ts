import { PGlite } from "@electric-sql/pglite";
import type { PGliteOptions } from "@electric-sql/pglite";
import { DurableFilesystem } from "./durable-filesystem.ts";

/** Small write-ahead segments keep a new store at 25 MB and the last bytes of a full disk usable; few buffers keep it off the model's memory. */
const initParameters = ["--wal-segsize=1"];
const memoryParameters = ["-c", "shared_buffers=16MB"];
const durableParameters = ["-c", "fsync=on", "-c", "wal_sync_method=fsync", "-c", "max_wal_size=16MB"];

/** A started Postgres and the last lines that it printed, for its error when it stops. */
export interface StartedPglite {
  readonly pglite: PGlite;
  lastLines(): string;
}

/** An empty database in memory. */
export async function startInMemory(): Promise<StartedPglite> {
  const startParams = [...PGlite.defaultStartParams, ...memoryParameters];
  return start({ startParams, initDbStartParams: initParameters });
}

/** Fills an empty folder with a new database. It is built in memory, because that takes half the time. */
export async function createInFolder(folder: string): Promise<void> {
  const { pglite: built } = await startInMemory();
  const image = await built.dumpDataDir("none");
  await built.close();
  const { pglite } = await startInFolder(new DurableFilesystem(folder), image);
  await pglite.close();
}

/** Opens a folder, with every commit on disk before it is acknowledged. */
export async function startInFolder(folder: DurableFilesystem, image?: Blob): Promise<StartedPglite> {
  const startParams = [
    ...PGlite.defaultStartParams.filter((flag) => flag !== "-F"),
    ...memoryParameters,
    ...durableParameters,
  ];
  return start({
    fs: folder,
    startParams,
    ...(image === undefined ? {} : { loadDataDir: image }),
  });
}

async function start(options: PGliteOptions): Promise<StartedPglite> {
  const lines: string[] = [];
  const keep = (line: string): boolean => {
    lines.push(line.trim());
    if (lines.length > 5) lines.shift();
    return true;
  };
  const pglite = await PGlite.create({ ...options, onStdout: () => true, onStderr: keep });
  return { pglite, lastLines: () => lines.join("\n") };
}
