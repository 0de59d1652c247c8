import { canonicalJson, sha256, type RunRecord } from "@litmus/core";
import { z } from "zod";

/** What a run's config says of its policies, for people. */
export interface PolicyFacts {
  readonly seed: number | null;
  readonly model: string;
  readonly engine: string;
  readonly retriever: string;
  readonly corpus: string;
  readonly basePrompt: string;
  readonly trainedPrompt: string;
  /**
   * Equal of runs whose policy before any training is the same one: model, prompt, budgets, engines, index, and of a chat model
   * what brings it and how it is spoken to.
   */
  readonly base: string;
}

const text = z.string().catch("");
const noPolicy = { engine: "", module: "", export: "", protocol: "" };

/** Also of configs that other versions wrote, and of runs without one. */
const looseConfig = z
  .object({
    seed: z.number().nullable().catch(null),
    model: z.object({ name: text }).catch({ name: "" }),
    policy: z.object({ engine: text, module: text, export: text, protocol: text }).catch(noPolicy),
    retriever: z.looseObject({ engine: text }).catch({ engine: "" }),
    corpus: z.object({ name: text }).catch({ name: "" }),
    agent: z
      .looseObject({ basePrompt: text, trainedPrompt: text, budgets: z.unknown() })
      .catch({ basePrompt: "", trainedPrompt: "", budgets: null }),
  })
  .catch({
    seed: null,
    model: { name: "" },
    policy: noPolicy,
    retriever: { engine: "" },
    corpus: { name: "" },
    agent: { basePrompt: "", trainedPrompt: "", budgets: null },
  });

const known = new WeakMap<RunRecord, PolicyFacts>();

export function policyFacts(run: RunRecord): PolicyFacts {
  const found = known.get(run);
  if (found !== undefined) return found;
  const facts = factsOf(run);
  known.set(run, facts);
  return facts;
}

function factsOf({ config, manifest }: RunRecord): PolicyFacts {
  const { seed, model, policy, retriever, corpus, agent } = looseConfig.parse(config);
  const { basePrompt, trainedPrompt, budgets } = agent;
  const hashes = ["model", "weights", "module", "index", "prompt.base"].map((name) => manifest[name] ?? null);
  return {
    seed,
    model: model.name,
    engine: policy.engine,
    retriever: retriever.engine,
    corpus: corpus.name,
    basePrompt,
    trainedPrompt,
    base: sha256(canonicalJson([...hashes, model.name, policy, retriever, basePrompt, budgets])),
  };
}
