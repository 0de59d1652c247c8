/** @file The process that the kill test kills: it writes entries from a number on, and says on its output what was acknowledged. */
import { readFileSync, writeSync } from "node:fs";
import type { RunRecord, StepCommit, StoredTrajectory } from "@litmus/core";
import { openStore } from "./open-store.ts";

/** What the parent gives, as JSON in a file. */
export interface KillScript {
  readonly directory: string;
  readonly run: RunRecord;
  readonly entries: readonly StoredTrajectory[];
  /** One after every `perStep` entries. */
  readonly commits: readonly StepCommit[];
  readonly perStep: number;
  readonly firstEntry: number;
}

const say = (line: string): number => writeSync(1, `${line}\n`);
const script = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as KillScript;
say("started");
const store = await openStore({ directory: script.directory });
await store.saveRun(script.run);
say("opened");
for (const [index, entry] of script.entries.entries()) {
  if (index < script.firstEntry) continue;
  await store.saveTrajectories([entry]);
  say(`trajectory ${index}`);
  const commit = script.commits[Math.floor(index / script.perStep)];
  if (index % script.perStep !== script.perStep - 1 || commit === undefined) continue;
  await store.commitStep(commit);
  say(`step ${Math.floor(index / script.perStep)}`);
}
await store.close();
