import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRng, policyVersion, sha256 } from "@litmus/core";
import type { Rng, StepCommit } from "@litmus/core";
import { buildRun, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { openStore } from "./open-store.ts";
import type { KillScript } from "./store-kill-child.ts";

const trials = Number(process.env.LITMUS_FAULT_TRIALS ?? 10);
const perStep = 4;
const run = buildRun();
const entries = Array.from({ length: perStep * (trials * 8 + 25) }, (_, index) => {
  const key = { step: Math.floor(index / perStep) + 1, member: index % perStep };
  const tokens = Array.from({ length: 50 + (index % 7) * 100 }, (_unused, i) => i * 400);
  return buildStoredTrajectory({
    key,
    trajectory: buildTrajectory({ seed: index, tokens, answer: `answer ${index}` }),
  });
});
const commits = Array.from({ length: entries.length / perStep }, (_, index) => buildCommit(index + 1));
const ids = new Map(entries.map((entry, index) => [entry.id, index]));

function buildCommit(step: number): StepCommit {
  const version = policyVersion(step);
  const [adapterSha256, optimizerSha256] = [sha256(`adapter ${step}`), sha256(`optimizer ${step}`)];
  const parentSha256 = step === 1 ? null : sha256(`adapter ${step - 1}`);
  const state = { version, adapterPath: "a", adapterSha256, optimizerPath: "o", optimizerSha256, updates: step };
  const at = { runId: run.id, stage: "rl", step };
  return {
    checkpoint: { ...at, state, parentSha256, createdAt: "2026-01-01T00:00:00.000Z" },
    version: { ...at, version, adapter: { version, path: "a", sha256: adapterSha256 }, parentSha256 },
    metrics: Array.from({ length: 30 }, (_, index) => ({ ...at, name: `metric-${index}`, value: step + index / 30 })),
  };
}

interface Killed {
  /** What the child said, in order. */
  readonly said: readonly string[];
  readonly aliveMs: number;
}

/** Runs the child on a folder, and kills it a time after it has said a word so often. */
async function killAfter(
  script: Omit<KillScript, "run" | "entries" | "commits" | "perStep">,
  when: KillTime,
): Promise<Killed> {
  const file = join(mkdtempSync(join(tmpdir(), "litmus-kill-")), "script.json");
  writeFileSync(file, JSON.stringify({ ...script, run, entries, commits, perStep } satisfies KillScript));
  const child = spawn(process.execPath, [new URL("./store-kill-child.ts", import.meta.url).pathname, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const started = performance.now();
  let text = "";
  const reached = Promise.withResolvers<void>();
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split("\n").filter((line) => line.startsWith(when.word)).length >= when.count) reached.resolve();
  });
  const ended = new Promise<string | number | null>((resolve) =>
    child.once("close", (code, signal) => resolve(signal ?? code)),
  );
  await Promise.race([reached.promise, ended]);
  await setTimeout(when.afterMs);
  child.kill("SIGKILL");
  expect(await ended, `the child ended by itself; it said:\n${text}`).toBe("SIGKILL");
  const said = text.split("\n").slice(0, -1);
  return { said, aliveMs: performance.now() - started };
}

interface KillTime {
  readonly word: "started" | "opened" | "trajectory";
  readonly count: number;
  readonly afterMs: number;
}

/** Opens what the killed process left, checks it, and returns how many entries it holds. */
async function checkLeft(directory: string, acknowledged: readonly string[]): Promise<number> {
  const store = await openStore({ directory });
  try {
    const keys = await store.rolloutKeys({ runId: run.id });
    const stored = await store.trajectories({ runId: run.id });
    const indexes = stored.map((entry) => ids.get(entry.id) ?? -1).toSorted((a, b) => a - b);
    expect(keys, "a rollout without its trajectory").toHaveLength(stored.length);
    expect(indexes, "a gap or a repeat").toEqual(indexes.map((_, index) => index));
    for (const entry of stored) expect(entry).toEqual(entries[ids.get(entry.id) ?? -1]);
    for (const line of acknowledged.filter((said) => said.startsWith("trajectory "))) {
      expect(Number(line.split(" ")[1]), "an acknowledged trajectory is lost").toBeLessThan(stored.length);
    }
    const last = stored.at(-1);
    if (last !== undefined) expect(await store.saveTrajectories([last])).toEqual(["exists"]);
    const checkpoints = await store.checkpoints(run.id);
    const steps = commits.slice(0, checkpoints.length);
    expect(checkpoints).toEqual(steps.map((commit) => commit.checkpoint));
    expect(await store.policyVersions(run.id), "a step in parts").toEqual(steps.map((commit) => commit.version));
    expect(await store.metrics(run.id), "a step in parts").toEqual(steps.flatMap((commit) => commit.metrics));
    for (const line of acknowledged.filter((said) => said.startsWith("step "))) {
      expect(Number(line.split(" ")[1]), "an acknowledged step is lost").toBeLessThan(steps.length);
    }
    if (acknowledged.includes("opened")) expect(await store.run(run.id), "the acknowledged run is lost").not.toBeNull();
    return stored.length;
  } finally {
    await store.close();
    // A kill may fall between the writing of a lock and its linking.
    expect(readdirSync(directory).filter((name) => !name.startsWith("store.lock."))).toEqual(["data"]);
  }
}

/** A step that was not committed when its process was killed is committed by the next, as resuming does. */
const resumeAt = (stored: number): number => Math.max(0, stored - 1);

function drawWriteKill(rng: Rng): KillTime {
  return { word: "trajectory", count: 1 + rng.integer(25), afterMs: rng.integer(30) };
}

describe("a store whose process is killed", () => {
  const firstStarts = Math.max(1, Math.round(trials / 5));
  it(`opens after ${firstStarts} kills in the first start`, { timeout: 600_000 }, async () => {
    const rng = createRng("kill in the first start");
    const measured = mkdtempSync(join(tmpdir(), "litmus-store-"));
    const whole = await killAfter({ directory: measured, firstEntry: 0 }, { word: "opened", count: 1, afterMs: 0 });
    await checkLeft(measured, whole.said);
    for (let trial = 1; trial < firstStarts; trial += 1) {
      const directory = mkdtempSync(join(tmpdir(), "litmus-store-"));
      const afterMs = Math.round(rng.uniform() * whole.aliveMs);
      const { said } = await killAfter({ directory, firstEntry: 0 }, { word: "started", count: 1, afterMs });
      const note = `trial ${trial}, killed ${afterMs} ms after its start, left ${readdirSync(directory).join(", ")}`;
      await checkLeft(directory, said).catch((cause: unknown) => {
        throw new Error(note, { cause });
      });
    }
  });

  const writes = trials - firstStarts;
  it(
    `has all that it acknowledged, once and whole, after each of ${writes} kills while writing`,
    { timeout: 1_800_000 },
    async () => {
      const rng = createRng("kill while writing");
      const directory = mkdtempSync(join(tmpdir(), "litmus-store-"));
      let stored = 0;
      for (let trial = 1; trial <= writes; trial += 1) {
        const when = drawWriteKill(rng);
        const { said } = await killAfter({ directory, firstEntry: resumeAt(stored) }, when);
        stored = await checkLeft(directory, said).catch((cause: unknown) => {
          throw new Error(
            `trial ${trial}, ${JSON.stringify(when)}, ${said.length} acknowledged, from entry ${resumeAt(stored)}`,
            { cause },
          );
        });
      }
      expect(stored).toBeGreaterThan(writes);
    },
  );
});
