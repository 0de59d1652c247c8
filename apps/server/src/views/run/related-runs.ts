import type { RunView } from "@litmus/api";
import { canonicalJson, sha256, type RunRecord, type Sha256 } from "@litmus/core";
import { runHead } from "../run-head.ts";
import type { StoreReads } from "../store-reads.ts";

const kept = 5_000;
const keys = new Map<Sha256, string>();

/** Equal for runs whose configs differ in the seed alone. */
export function seedGroup(run: RunRecord): string {
  const known = keys.get(run.configHash);
  if (known !== undefined) return known;
  const { config } = run;
  const isObject = typeof config === "object" && config !== null && !Array.isArray(config);
  const { seed: _seed, ...rest } = (isObject ? config : { config }) as Record<string, unknown>;
  const key = sha256(canonicalJson(rest));
  if (keys.size >= kept) keys.clear();
  keys.set(run.configHash, key);
  return key;
}

/** Runs of the same config but for the seed, this one included, oldest first. */
export function seedsOf(run: RunRecord, runs: readonly RunRecord[]): RunRecord[] {
  const key = seedGroup(run);
  return runs.filter((each) => seedGroup(each) === key).toReversed();
}

type Parent = NonNullable<RunView["config"]["parent"]>;

/** Of a manifest: hash of an adapter that a stage imports. */
const adapterPrefix = "adapter.";
/** Runs that are asked for their adapters, at most. */
const mostSought = 200;

/** The run whose adapter this one imported, else the run of its name before it. @param runs all, newest first */
export async function parentOf(reads: StoreReads, run: RunRecord, runs: readonly RunRecord[]): Promise<Parent | null> {
  const earlier = runs.filter(({ id, createdAt }) => id !== run.id && createdAt <= run.createdAt);
  const source = await importedFrom(reads, run, earlier);
  if (source !== null) return source;
  const before = earlier.find(({ name }) => name === run.name);
  return before === undefined ? null : { run: runHead(before), reason: `the run of ${run.name} before it` };
}

async function importedFrom(reads: StoreReads, run: RunRecord, earlier: readonly RunRecord[]): Promise<Parent | null> {
  const imported = Object.entries(run.manifest).flatMap(([key, hash]) => (key.startsWith(adapterPrefix) ? [hash] : []));
  if (imported.length === 0) return null;
  const sameBase = earlier.filter(({ manifest }) => manifest["model"] === run.manifest["model"]).slice(0, mostSought);
  for (const candidate of sameBase) {
    const versions = await reads.remember(candidate.id, "versions", () => reads.store.policyVersions(candidate.id));
    // The manifest holds the hash of the file's hash: a folder has several files.
    const found = versions.find(({ adapter }) => adapter !== null && imported.includes(sha256(adapter.sha256)));
    if (found !== undefined)
      return { run: runHead(candidate), reason: `its version ${found.version} is the adapter that was imported` };
  }
  return null;
}
