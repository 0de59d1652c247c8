/**
 * @file The process that the disk-full test runs where a small disk is mounted: it fills the disk at one offset, writes until the store
 * refuses, frees the disk, opens the store again, and says as JSON what it saw.
 */
import { cpSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LitmusError } from "@litmus/core";
import type { ErrorCode, RunRecord, StoredTrajectory } from "@litmus/core";
import { openStore } from "./open-store.ts";

/** What the parent gives, as JSON in a file. */
export interface DiskScript {
  /** Where the small disk is. */
  readonly disk: string;
  /** A store without runs, to be copied. */
  readonly made: string;
  readonly run: RunRecord;
  readonly entries: readonly StoredTrajectory[];
  /** Bytes left free, before the store is made (`first-start`) or once it is open (`writes`). */
  readonly free: readonly { readonly at: "first-start" | "writes"; readonly bytes: number }[];
}

/** What was seen at one offset. */
export interface DiskFinding {
  readonly at: "first-start" | "writes";
  readonly bytes: number;
  readonly code: ErrorCode | "none" | "untyped";
  readonly message: string;
  readonly acknowledged: number;
  /** Entries found, whole and as written, after space was freed; −1 when the store did not open. */
  readonly found: number;
}

const script = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as DiskScript;
const directory = join(script.disk, "store");
const ballast = join(script.disk, "ballast");

function leaveFree(bytes: number): void {
  const { bavail, bsize } = statfsSync(script.disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

async function writeUntilFull(offset: DiskScript["free"][number]): Promise<Omit<DiskFinding, "found">> {
  let acknowledged = 0;
  const seen = (error: unknown): Omit<DiskFinding, "found"> => {
    const code = error === null ? "none" : LitmusError.isInstance(error) ? error.code : "untyped";
    return { ...offset, code, message: error instanceof Error ? error.message : "", acknowledged };
  };
  if (offset.at === "first-start") leaveFree(offset.bytes);
  else cpSync(script.made, directory, { recursive: true });
  const store = await openStore({ directory }).catch(seen);
  if ("code" in store) return store;
  try {
    await store.saveRun(script.run);
    if (offset.at === "writes") leaveFree(offset.bytes);
    for (const entry of script.entries) {
      await store.saveTrajectories([entry]);
      acknowledged += 1;
    }
    return seen(null);
  } catch (error) {
    return seen(error);
  } finally {
    await store.close().catch(() => undefined);
  }
}

async function countWhole(): Promise<number> {
  const store = await openStore({ directory });
  const stored = await store.trajectories({ runId: script.run.id });
  await store.close();
  const written = new Map(script.entries.map((entry) => [entry.id, entry.trajectory]));
  const isWhole = ({ id, trajectory }: StoredTrajectory): boolean => {
    const expected = written.get(id);
    return String(trajectory.tokens) === String(expected?.tokens) && trajectory.turns.length === expected?.turns.length;
  };
  return stored.filter(isWhole).length;
}

for (const offset of script.free) {
  rmSync(directory, { recursive: true, force: true });
  rmSync(ballast, { force: true });
  const seen = await writeUntilFull(offset);
  rmSync(ballast, { force: true });
  const found = await countWhole().catch(() => -1);
  process.stdout.write(`${JSON.stringify({ ...seen, found } satisfies DiskFinding)}\n`);
}
