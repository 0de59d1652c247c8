import { chatProtocolOf, chatSharedTokens } from "@litmus/agent";
import type { z } from "zod";
import type { policy as policyPart, trainer as trainerPart } from "./engines.ts";

interface Config {
  readonly policy: z.infer<typeof policyPart>;
  readonly trainer: z.infer<typeof trainerPart>;
  readonly stages: readonly { readonly type: string; readonly entropyBonus?: number }[];
  readonly model: { readonly sha256: string | null; readonly sources: readonly unknown[]; readonly weights: string };
  readonly agent: {
    readonly basePrompt: string;
    readonly trainedPrompt: string;
    readonly budgets: { readonly maxActionTokens: number; readonly maxEpisodeTokens: number };
  };
}
type Unfit = [path: string[], why: string];

/** Sampler and trainer that cannot work on one policy, as [key, why]. */
export function* unfitEngines(config: Config): Generator<Unfit> {
  const { policy, trainer, stages, model } = config;
  if (policy.engine === "chat") return yield* unfitForChat(config);
  if (model.sources.length === 0) yield [["model", "sources"], "name at least one source of the model's file"];
  if (trainer.engine === "none") {
    if (stages.length > 0) yield [["trainer", "engine"], "without a trainer there can be no stages"];
  } else if ((policy.engine === "scripted") !== (trainer.engine === "scripted"))
    yield [["trainer", "engine"], "policy.engine and trainer.engine must both be scripted, or neither"];
  if (policy.engine === "tinker" && trainer.engine !== "tinker")
    yield [["policy", "engine"], "tinker samples from what the same server trains: trainer.engine must be tinker too"];
  if (policy.engine === "tinker" && model.weights !== "as-published")
    yield [
      ["model", "weights"],
      "the weights are on the Tinker server, only the vocabulary of the file is read: model.weights must be as-published",
    ];
  if (policy.engine !== "tinker" && trainer.engine === "tinker" && stages.length > 0)
    yield [["policy", "engine"], "what a Tinker server trains stays there: policy.engine must be tinker too"];
  if (policy.engine === "openai-compatible" && policy.server === "llama-server" && stages.length > 0)
    yield [
      ["policy", "server"],
      "a llama-server takes no new adapter while it runs: it can evaluate (stages: []); to train, policy.engine: llama-server starts one anew for every version",
    ];
  const entropy = stages.findIndex(({ entropyBonus = 0 }) => entropyBonus !== 0);
  if (trainer.engine === "tinker" && entropy >= 0)
    yield [["stages", String(entropy), "entropyBonus"], "a Tinker server cannot train with an entropy bonus"];
}

/** Its weights are elsewhere, and its tokens are not known: nothing of it can be fetched or trained. */
function* unfitForChat({ policy, trainer, stages, model, agent }: Config): Generator<Unfit> {
  if (policy.engine !== "chat") return;
  if (stages.length > 0)
    yield [
      ["stages"],
      "a chat model cannot be trained: leave stages out to evaluate it, or choose another policy.engine",
    ];
  if (trainer.engine !== "none") yield [["trainer", "engine"], "a chat model has no trainer: leave trainer out"];
  if (model.sha256 !== null || model.sources.length > 0)
    yield [["model"], "a chat model has no file: model takes its name and licence alone"];
  if (model.weights !== "as-published") yield [["model", "weights"], "a chat model has no weights here: leave it out"];
  if (agent.trainedPrompt !== agent.basePrompt)
    yield [["agent", "trainedPrompt"], "a chat model is not trained: leave it out"];
  if (chatProtocolOf(agent.basePrompt) === policy.protocol) return yield* tooLongForChat(policy.contextTokens, agent);
  yield [
    ["agent", "basePrompt"],
    `${agent.basePrompt} is no prompt of chat models in the protocol ${policy.protocol}: leave it out`,
  ];
}

/** An episode begins after the system message, and asks for no action that it cannot hold whole. */
function* tooLongForChat(contextTokens: number, { basePrompt, budgets }: Config["agent"]): Generator<Unfit> {
  const needed = chatSharedTokens(basePrompt) + budgets.maxEpisodeTokens;
  if (needed > contextTokens)
    yield [["policy", "contextTokens"], `the prompt ${basePrompt} and an episode take about ${needed} tokens`];
  if (budgets.maxActionTokens >= budgets.maxEpisodeTokens)
    yield [["agent", "budgets", "maxActionTokens"], "an episode must hold the question beside its longest action"];
}
