import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runId, sha256OfFile, systemClock, type TokenPolicy, type TrajectoryStore } from "@litmus/core";
import { createVerifier } from "@litmus/reward";
import { buildRun, createFakeRetriever } from "@litmus/testing";
// Tests alone may know which implementations they run on.
import { createEpisodeAgent } from "../../../agent/src/index.ts";
import { createScriptedPolicy } from "../../../policy/src/index.ts";
import { createInProcessQueue } from "../../../queue/src/index.ts";
import { openMemoryStore } from "../../../store/src/index.ts";
import { createScriptedTrainer } from "../../../trainer/src/index.ts";
import { parseConfig } from "../config/load-config.ts";
import type { ExperimentConfig } from "../config/schema.ts";
import { neverPaused, type RunContext } from "../run/run-context.ts";
import type { RunEvent } from "../run/run-event.ts";
import { tinyProblems, tinyRecords } from "./tiny-world.ts";

/** Two SFT checkpoints, two GRPO steps of two groups of four, four questions to evaluate. */
const tinyExperiment = `
name: tiny
seed: 1
model: { name: none, licence: none, sha256: null, sources: [{ type: path, path: none.gguf }] }
corpus: { name: tiny, path: none.jsonl, idSpace: own }
problems: { type: files, train: none, validation: none, test: none }
agent: { basePrompt: short-v1, budgets: { maxTurns: 2, maxActionTokens: 40, maxObservationTokens: 160, maxEpisodeTokens: 320 } }
policy: { engine: scripted, slots: 3 }
trainer: { engine: scripted }
stages:
  - { type: sft, steps: 4, batch: 2, checkpointEvery: 2, optimizer: { learningRate: 1.0e-4 } }
  - { type: grpo, steps: 2, problemsPerStep: 2, groupSize: 4, optimizer: { learningRate: 1.0e-4 } }
evaluation: { questions: 4, sampled: { k: 2 } }
`;

export function tinyConfig(overrides: readonly string[] = []): ExperimentConfig {
  return parseConfig(tinyExperiment, { path: "tiny.yaml", overrides }).config;
}

/** A context that can be looked into. */
export interface TinyContext extends RunContext {
  readonly policy: TokenPolicy;
  readonly events: RunEvent[];
  /** Asks the run to stop. */
  stop(): void;
}

type Parts = Partial<Omit<TinyContext, "emit" | "signal" | "events" | "stop">>;

export interface TinyWorld {
  /** A context of its own run, which is saved, or of a named one; equal names share records and folder. Parts may be replaced. */
  context(parts?: Parts): Promise<TinyContext>;
  close(): Promise<void>;
}

let runs = 0;

/** Contexts on scripted engines that share one store in memory, each with a folder and a run of its own. */
export async function openTinyWorld(): Promise<TinyWorld> {
  const store = await openMemoryStore();
  const folder = await mkdtemp(join(tmpdir(), "litmus-experiment-"));
  return {
    context: async (parts = {}) => {
      const id = parts.runId ?? runId(`run-${++runs}`);
      const context = tinyContext({ store, directory: join(folder, id), ...parts, runId: id });
      await context.store.saveRun(buildRun({ id }));
      await context.store.saveProblems(id, "train", tinyProblems);
      return context;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const noStore = new Proxy(
  {},
  { get: (_, name) => () => Promise.reject(new Error(`there is no store to ${String(name)} in`)) },
);

/** A context of the run `tiny`, without a store or a folder unless they are given. */
export function tinyContext(parts: Parts = {}): TinyContext {
  const events: RunEvent[] = [];
  const stopping = new AbortController();
  const agent = createEpisodeAgent({ prompt: "short-v1" });
  const verifier = createVerifier();
  return {
    runId: runId("tiny"),
    directory: join(tmpdir(), "there-is-no-folder"),
    store: noStore as TrajectoryStore,
    queue: createInProcessQueue({ attempts: 1 }),
    worksOnQueue: true,
    unlessPaused: neverPaused,
    config: tinyConfig(),
    policy: createScriptedPolicy({ contextTokens: 1024 }),
    retriever: createFakeRetriever({ records: tinyRecords }),
    record: async (id) => tinyRecords.find((record) => record.id === id) ?? null,
    trainer: async () => createScriptedTrainer({}),
    importedAdapter: async (path) => ({ adapterPath: path, adapterSha256: await sha256OfFile(path) }),
    agents: { base: agent, trained: agent },
    problems: { train: tinyProblems, validation: tinyProblems.slice(4), test: tinyProblems.slice(0, 6) },
    verify: (trajectory, { goldenAnswers, goldRecordIds }) => verifier.verify(trajectory, goldenAnswers, goldRecordIds),
    clock: systemClock,
    ...parts,
    emit: (event) => void events.push(event),
    signal: stopping.signal,
    events,
    stop: () => stopping.abort(),
  };
}
