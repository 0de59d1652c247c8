import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

/** A folder with an experiment file on the scripted engines, which needs no model, and a cache of its own. */
export interface ScriptedExperiment {
  readonly folder: string;
  readonly config: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Writes another file like it, with other values at top level. */
  variant(name: string, values: Readonly<Record<string, unknown>>): Promise<string>;
  remove(): Promise<void>;
}

const datasets = fileURLToPath(new URL("../../../../datasets/litmus-mini/", import.meta.url));
const quickstart = fileURLToPath(new URL("../../../../configs/quickstart.yaml", import.meta.url));

/** The quickstart in small: litmus-mini, two versions by supervised learning, three steps of two groups of three. */
export async function makeScriptedExperiment(): Promise<ScriptedExperiment> {
  const folder = await mkdtemp(join(tmpdir(), "litmus-cli-"));
  const base = parse(await readFile(quickstart, "utf8")) as Record<string, unknown>;
  const optimizer = { learningRate: 1e-4 };
  const small = {
    ...base,
    name: "small",
    corpus: { name: "litmus-mini", path: join(datasets, "corpus.jsonl"), idSpace: "own" },
    problems: {
      type: "files",
      train: join(datasets, "train.jsonl"),
      validation: join(datasets, "validation.jsonl"),
      test: join(datasets, "test.jsonl"),
    },
    // The scripted tokenizer packs three characters into a token, and its policy needs no examples.
    agent: { basePrompt: "short-v1", budgets: { maxObservationTokens: 400, maxEpisodeTokens: 1000, topK: 1 } },
    policy: { engine: "scripted", slots: 4, contextTokens: 1100 },
    trainer: { engine: "scripted", lengths: [1100] },
    stages: [
      { type: "sft", steps: 4, batch: 2, checkpointEvery: 2, problems: 12, optimizer },
      { type: "grpo", steps: 3, problemsPerStep: 2, groupSize: 3, optimizer },
    ],
    evaluation: { questions: 6, sampled: { k: 2 } },
  };
  const variant = async (name: string, values: Readonly<Record<string, unknown>>): Promise<string> => {
    const path = join(folder, `${name}.yaml`);
    await writeFile(path, stringify({ ...small, ...values }));
    return path;
  };
  return {
    folder,
    config: await variant("small", {}),
    environment: { LITMUS_CACHE: join(folder, "cache"), LITMUS_OFFLINE: "true" },
    variant,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
