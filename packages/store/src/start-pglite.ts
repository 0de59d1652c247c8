import { PGlite } from "@electric-sql/pglite";
import type { PGliteOptions } from "@electric-sql/pglite";
import { DurableFilesystem } from "./durable-filesystem.ts";

/** Small write-ahead segments keep a new store at 15 MB and the last bytes of a full disk usable; few buffers keep it off the model's memory. */
const initParameters = ["--wal-segsize=1"];
const memoryParameters = ["-c", "shared_buffers=16MB"];
const durableParameters = ["-c", "fsync=on", "-c", "wal_sync_method=fsync", "-c", "max_wal_size=16MB"];

/** An empty database in memory. */
export async function startInMemory(): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, ...memoryParameters];
  return PGlite.create({ ...quiet(), startParams, initDbStartParams: initParameters });
}

/** What ends a database for good: its last words. It must not return, for PGlite would go on, and never answer. */
export type OnStop = (reason: string) => never;

/** Fills an empty folder with a new database. It is built in memory, because that takes half the time. */
export async function createInFolder(folder: string, onStop?: OnStop): Promise<void> {
  const built = await startInMemory();
  await dropTemplates(built);
  const image = await built.dumpDataDir("none");
  await built.close();
  const pglite = await startInFolder(new DurableFilesystem(folder), { image, onStop });
  await pglite.close();
}

/** The databases that others would be copied from are two thirds of the files, each of which a start after a kill must sync. */
async function dropTemplates(pglite: PGlite): Promise<void> {
  await pglite.exec("UPDATE pg_database SET datistemplate = false");
  for (const name of ["template0", "template1"]) await pglite.exec(`DROP DATABASE ${name}`);
}

interface FolderOptions {
  /** Files that the folder starts with. */
  readonly image?: Blob;
  readonly onStop?: OnStop | undefined;
}

/** Opens a folder, with every commit on disk before it is acknowledged. */
export async function startInFolder(folder: DurableFilesystem, { image, onStop }: FolderOptions = {}): Promise<PGlite> {
  const withoutNoSync = PGlite.defaultStartParams.filter((flag) => flag !== "-F");
  return PGlite.create({
    ...quiet(onStop),
    fs: folder,
    startParams: [...withoutNoSync, ...memoryParameters, ...durableParameters],
    ...(image === undefined ? {} : { loadDataDir: image }),
  });
}

/** Postgres' log goes nowhere, but for the line that says why it stops. */
function quiet(onStop?: OnStop): Pick<PGliteOptions, "onStdout" | "onStderr"> {
  return {
    onStdout: () => true,
    onStderr: (line) => {
      const [, reason] = /^.{0,60}\[\d+\] (?:PANIC|FATAL): +(.*)/.exec(line) ?? /^(Aborted\(.*)/.exec(line) ?? [];
      if (reason !== undefined) onStop?.(reason);
      return true;
    },
  };
}
