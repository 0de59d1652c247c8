import { readdir, readFile } from "node:fs/promises";
import { createRng, LitmusError } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { isMap, parseDocument, visit } from "yaml";
import { parseConfig } from "./load-config.ts";
import type { ExperimentConfig } from "./schema.ts";

const path = "configs/quickstart.yaml";
const quickstart = await readFile(new URL("../../../../configs/quickstart.yaml", import.meta.url), "utf8");
const configs = new URL("../../../../configs/", import.meta.url);
const names = await readdir(configs);
const load = (text: string, overrides: string[] = []) => parseConfig(text, { path, overrides });

function refusal(text: string, overrides: string[] = []): LitmusError {
  try {
    load(text, overrides);
  } catch (error) {
    if (LitmusError.isInstance(error)) return error;
  }
  throw new Error("the config was accepted");
}

describe("the experiment file", () => {
  it("is accepted, with its defaults filled in", () => {
    const { config } = load(quickstart);
    expect(config.name).toBe("quickstart");
    expect(config.trainer).toMatchObject({ engine: "local", threads: 2, lora: { rank: 16, targets: { length: 7 } } });
  });

  it.each(names)("%s is accepted, and named as its file is", async (name) => {
    const { config } = load(await readFile(new URL(name, configs), "utf8"));
    expect(`${config.name}.yaml`).toBe(name);
  });

  it.each([
    ["quickstart.yaml", "quickstart-scale.yaml"],
    ["bioasq-gemma270m.yaml", "bioasq-gemma270m-scale.yaml"],
  ])("%s and %s differ in their parts alone", async (embedded, scale) => {
    const read = async (name: string) => load(await readFile(new URL(name, configs), "utf8")).config;
    const apart = ({ name: _n, store: _s, queue: _q, retriever: _r, policy: _p, ...rest }: ExperimentConfig) => rest;
    expect(apart(await read(scale))).toEqual(apart(await read(embedded)));
  });

  it("has a hash that comments and the order of keys do not change, and values do", () => {
    const reordered = parseDocument(quickstart).toJS() as Record<string, unknown>;
    const text = JSON.stringify(Object.fromEntries(Object.entries(reordered).reverse()));
    expect(load(text).hash).toBe(load(quickstart).hash);
    expect(load(quickstart, ["seed=2"]).hash).not.toBe(load(quickstart).hash);
  });

  it("names an unknown key, where it stands and the nearest valid one", () => {
    const error = refusal(quickstart.replace("learningRate:", "learningrate:"));
    expect(error.message).toContain("stages.0.optimizer.learningrate: unknown key; did you mean learningRate?");
    expect(error.hint).toBe("rename learningrate to learningRate");
    expect(error.code).toBe("invalid-config");
  });

  it("refuses every one of 200 one-letter slips in a key, nearly always with the right suggestion", () => {
    const rng = createRng("slips");
    const keys = allKeys(quickstart);
    let suggested = 0;
    for (let trial = 0; trial < 200; trial++) {
      const at = keys[rng.integer(keys.length)] as string[];
      const slipped = slip(at.at(-1) as string, (bound) => rng.integer(bound));
      const error = refusal(rename(quickstart, at, slipped));
      if (error.message.includes(`did you mean ${at.at(-1)}?`)) suggested += 1;
    }
    expect(suggested).toBeGreaterThanOrEqual(180);
  });

  it("applies overrides and refuses those that cannot be", () => {
    const stage = "{ type: grpo, steps: 3, problemsPerStep: 1, groupSize: 2, optimizer: { learningRate: 1 } }";
    const { stages } = load(quickstart, [`stages=[${stage}]`, "stages.0.steps=4"]).config;
    expect(stages).toMatchObject([{ type: "grpo", steps: 4 }]);
    expect(load(quickstart, ["policy.slots=4", "stages.1.steps=9"]).config.stages[1]).toMatchObject({ steps: 9 });
    expect(refusal(quickstart, ["policy.slot=4"]).message).toContain("did you mean slots?");
    expect(refusal(quickstart, ["seed"]).message).toContain("has no key and value");
    expect(refusal(quickstart, ["seed.deep=1"]).message).toContain("holds a single value");
  });

  it.each([
    [["policy.engine=scripted"], "must both be scripted"],
    [["stages.0.optimizer.warmupSteps=24"], "warm-up must be shorter"],
    [["agent.budgets.maxEpisodeTokens=4096"], "the context must hold"],
    [["trainer.lengths=[128]"], "the longest length must hold"],
    [["stages.1.temperature=0.7"], "stages.1.temperature"],
    [["stages.1.groupSize=1"], "stages.1.groupSize"],
    [["stages.1.type=rloo", "stages.1.truncation=2"], "second correction"],
    [["stages.1.loss=cispo", "stages.1.clip.dual=3"], "no dual clip"],
    [["stages.1.clip.dual=1.1"], "above 1 + high"],
    [["stages.1.kl={coefficient: 0.1, estimator: k1}"], "no expected gradient"],
    [["stages.1.overlong={maxTokens: 8, margin: 8}"], "margin must be below"],
    [["stages.1.updatesPerStep=7"], "more updates than problems"],
    [["stages.1.curriculum={low: 0.6, high: 0.4}"], "the band is empty"],
    [["stages.1.trainObservations=true"], "were not sampled"],
    [["stages=[]", "evaluation.base=false"], "nothing is left to do"],
    [["stages.1.advantage=best-of"], "stages.1.advantage"],
    [["model.sha256=abc"], "64 lower-case hexadecimal digits"],
    [["problems.type=rows"], "problems.type"],
    [["seed=one"], "seed"],
  ])("refuses the contradiction %j", (overrides, message) => {
    expect(refusal(quickstart, overrides).message).toContain(message);
  });

  it("says where YAML is broken", () => {
    expect(refusal("name: [").message).toMatch(/not valid YAML/);
    expect(refusal("- a").message).toMatch(/not a valid experiment/);
  });
});

function allKeys(text: string): string[][] {
  const found: string[][] = [];
  visit(parseDocument(text), {
    Pair: (_key, pair, ancestors) => {
      const names = [...ancestors, pair].flatMap((node) =>
        node && typeof node === "object" && "key" in node ? [String(node.key)] : [],
      );
      // Indexes of lists are not keys; the list members are visited through their parents.
      if (!ancestors.some((node) => node && typeof node === "object" && "items" in node && !isMap(node)))
        found.push(names);
    },
  });
  return found;
}

function slip(key: string, integer: (bound: number) => number): string {
  const at = integer(key.length);
  const slips = [
    key.slice(0, at) + key.slice(at + 1),
    `${key.slice(0, at)}x${key.slice(at)}`,
    `${key.slice(0, at)}q${key.slice(at + 1)}`,
  ];
  const slipped = slips[integer(slips.length)] as string;
  return slipped === key || slipped === "" ? `${key}x` : slipped;
}

function rename(text: string, at: readonly string[], name: string): string {
  const document = parseDocument(text);
  const value = document.getIn(at);
  document.deleteIn(at);
  document.setIn([...at.slice(0, -1), name], value);
  return document.toString();
}

describe("parts with several engines", () => {
  it("take the keys of their engine, and suggest the nearest of all", () => {
    const scale = load(quickstart, [
      "store={engine: postgres}",
      "queue={engine: bullmq, lockMs: 1000}",
      "retriever={engine: elasticsearch, index: pubmed}",
      "policy={engine: openai-compatible, server: vllm, servedModel: gemma}",
    ]).config;
    expect(scale.queue).toMatchObject({ engine: "bullmq", urlVariable: "LITMUS_REDIS_URL", lockMs: 1000 });
    expect(scale.retriever).toMatchObject({ flavor: "elasticsearch", credentials: { type: "none" } });
    const own = load(quickstart, ["policy={engine: llama-server, slots: 4}"]).config;
    expect(own.policy).toMatchObject({ programVariable: "LITMUS_LLAMA_SERVER", slots: 4, threads: 2, gpuLayers: 0 });
    expect(() => load(quickstart, ["policy.thread=1"])).toThrow("policy.thread: unknown key; did you mean threads?");
    expect(() => load(quickstart, ["queue={engine: in-process, lockMs: 5}"])).toThrow(
      "queue.lockMs: a key of another engine than queue.engine names",
    );
  });

  it.each([
    ["workers that share no store", ["queue={engine: bullmq}"], "needs store.engine postgres"],
    ["an address in place of a variable", ["store={engine: postgres, urlVariable: 'postgres://x'}"], "not its value"],
    ["an engine that there is not", ["policy={engine: ollama}"], "policy.engine"],
    [
      "a sampler that takes no new adapter",
      ["policy={engine: openai-compatible, server: llama-server, servedModel: gemma}"],
      "it can evaluate",
    ],
    [
      "a server that trains what another one samples",
      ["trainer={engine: tinker, server: skyrl, baseModel: gemma}"],
      "policy.engine must be tinker too",
    ],
    [
      "weights that nothing reads",
      ["policy={engine: tinker}", "trainer={engine: tinker, server: skyrl, baseModel: gemma}"],
      "model.weights must be as-published",
    ],
    [
      "a warm start without records by id",
      ["retriever={engine: retrieve}", "policy.contextTokens=640"],
      "which POST /retrieve does not give",
    ],
  ])("refuse %s", (_, overrides, why) => {
    expect(() => load(quickstart, overrides)).toThrow(why);
  });
});

describe("an experiment with a chat model", () => {
  const chat = (...lines: string[]): string =>
    [
      "name: chat",
      "seed: 1",
      "model: { name: some-model, licence: terms of its provider }",
      "corpus: { name: tiny, path: none.jsonl, idSpace: own }",
      "problems: { type: files, train: none, validation: none, test: none }",
      ...lines,
    ].join("\n");
  const policy = "policy: { engine: chat, module: ./model.mjs }";

  it("needs no file, no trainer, no stages and no prompt, and is sampled greedily alone", () => {
    const { config } = load(chat(policy));
    expect(config).toMatchObject({
      model: { name: "some-model", sha256: null, sources: [] },
      policy: { export: "default", protocol: "tools", slots: 8, contextTokens: 32_768 },
      trainer: { engine: "none" },
      stages: [],
      agent: { basePrompt: "chat-tools-v1", budgets: { maxActionTokens: 1_024, maxEpisodeTokens: 8_192 } },
      evaluation: { sampled: null, base: true },
    });
  });

  it("keeps what the file says", () => {
    const { config } = load(
      chat("policy: { engine: chat, module: m, protocol: tags }", "agent: { budgets: { topK: 5 } }"),
      ["evaluation.sampled={k: 2}"],
    );
    expect(config.agent).toMatchObject({ basePrompt: "chat-tags-v1", budgets: { topK: 5, maxActionTokens: 1_024 } });
    expect(config.evaluation.sampled).toMatchObject({ k: 2 });
  });

  it.each([
    [
      "a stage",
      "stages=[{type: sft, steps: 4, optimizer: {learningRate: 0.1}}]",
      "stages: a chat model cannot be trained",
    ],
    ["a trainer", "trainer={engine: local}", "trainer.engine: a chat model has no trainer"],
    ["a model file", "model.sources=[{type: path, path: m.gguf}]", "model: a chat model has no file"],
    [
      "a prompt of token policies",
      "agent.basePrompt=short-v1",
      "agent.basePrompt: short-v1 is no prompt of chat models",
    ],
    ["a prompt of the other protocol", "agent.basePrompt=chat-tags-v1", "in the protocol tools"],
    ["agent settings that are none", "agent=fast", "agent: "],
    ["weights", "model.weights=f16", "model.weights: a chat model has no weights"],
    [
      "a prompt of trained versions",
      "agent.trainedPrompt=short-v1",
      "agent.trainedPrompt: a chat model is not trained",
    ],
    [
      "a context that is full of the prompt",
      "policy.contextTokens=8192",
      "policy.contextTokens: the prompt chat-tools-v1",
    ],
    [
      "an action as long as an episode",
      "agent.budgets.maxActionTokens=8192",
      "agent.budgets.maxActionTokens: an episode must",
    ],
    ["no module", "policy={engine: chat}", "policy.module"],
  ])("refuses %s", (_, override, message) => {
    expect(refusal(chat(policy), [override]).message).toContain(message);
  });

  it("is the only one without a model file, and no other trains without a trainer", () => {
    expect(refusal(quickstart, ["model.sources=[]"]).message).toContain("model.sources: name at least one source");
    expect(refusal(quickstart, ["trainer={engine: none}"]).message).toContain(
      "without a trainer there can be no stages",
    );
    expect(load(quickstart, ["trainer={engine: none}", "stages=[]"]).config.trainer).toEqual({ engine: "none" });
  });
});
