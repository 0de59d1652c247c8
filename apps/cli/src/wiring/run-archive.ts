import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { LitmusError, type ProblemId, type RunRecord, type TrajectoryStore } from "@litmus/core";
import { exists } from "./exists.ts";

/**
 * @file All that a store holds of a run, as one file: JSON lines, gzip. The first line is the run, each further one a record, told by its
 * `type`. Numbers that JSON lacks are written as `{"$number": "NaN"}`, `"Infinity"`, `"-Infinity"` and `"-0"`.
 */

const schemaVersion = 1;
/** Trajectories that are in memory at once. */
const pageSize = 200;

type Archived = Pick<
  TrajectoryStore,
  "policyVersions" | "checkpoints" | "metrics" | "evaluations" | "trajectories" | "trained" | "problem"
>;

function exactly(_key: string, value: unknown): unknown {
  if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { $number: Object.is(value, -0) ? "-0" : String(value) };
}

/**
 * Writes a run's records into a new file, and reads the file back. A file of this name is whole.
 * @returns the number of trajectories
 * @throws LitmusError `conflict` when there is such a file, `corrupt-file` when it does not read as it was written
 */
export async function writeArchive(store: Archived, run: RunRecord, path: string): Promise<number> {
  await refuseExisting(path);
  const partial = `${path}.partial`;
  let written = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const line of recordsOf(store, run)) {
      written += 1;
      yield `${JSON.stringify(line, exactly)}\n`;
    }
  }
  try {
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(partial, { flush: true }));
    const read = await countLines(partial);
    if (read.lines !== written)
      throw new LitmusError("corrupt-file", `${partial} holds ${read.lines} of ${written} records`, { path });
    await rename(partial, path);
    return read.trajectories;
  } finally {
    await rm(partial, { force: true });
  }
}

async function* recordsOf(store: Archived, run: RunRecord): AsyncGenerator<object> {
  yield { type: "archive", schemaVersion, run };
  for (const version of await store.policyVersions(run.id)) yield { type: "policy-version", ...version };
  for (const checkpoint of await store.checkpoints(run.id)) yield { type: "checkpoint", ...checkpoint };
  for (const metric of await store.metrics(run.id)) yield { type: "metric", ...metric };
  for (const evaluation of await store.evaluations(run.id)) yield { type: "evaluation", ...evaluation };
  const asked = new Set<ProblemId>();
  for (let offset = 0, length = pageSize; length === pageSize; offset += pageSize) {
    const page = await store.trajectories({ runId: run.id }, { offset, limit: pageSize });
    for (const entry of page) {
      if (entry.problemId !== null) asked.add(entry.problemId);
      yield { type: "trajectory", ...entry };
      const trained = await store.trained(entry.id);
      if (trained !== null) yield { type: "trained-tokens", ...trained };
    }
    length = page.length;
  }
  for (const id of asked) yield { type: "problem", ...(await store.problem(run.id, id)) };
}

async function countLines(path: string): Promise<{ readonly lines: number; readonly trajectories: number }> {
  const count = { lines: 0, trajectories: 0 };
  const unpacked = createReadStream(path).pipe(createGunzip());
  for await (const text of createInterface({ input: unpacked, crlfDelay: Infinity })) {
    const { type } = JSON.parse(text) as { type: string };
    count.lines += 1;
    if (type === "trajectory") count.trajectories += 1;
  }
  return count;
}

async function refuseExisting(path: string): Promise<void> {
  if (await exists(path))
    throw new LitmusError("conflict", `${path} is there already`, { path, hint: "name another file" });
}
