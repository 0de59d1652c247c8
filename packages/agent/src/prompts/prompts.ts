import type { Sha256 } from "@litmus/core";
import { canonicalJson, LitmusError, sha256 } from "@litmus/core";
import { chatTagsV1, chatToolsV1 } from "./chat-model-v1.ts";
import type { ChatPromptTemplate, ChatProtocol } from "./chat-prompt.ts";
import { chatV1 } from "./chat-v1.ts";
import { fewShotDirectV1 } from "./few-shot-direct-v1.ts";
import { fewShotV1 } from "./few-shot-v1.ts";
import { nearestName } from "./nearest-name.ts";
import type { PromptTemplate } from "./prompt-template.ts";
import {
  retrievalAugmentedFewShotV1,
  retrievalAugmentedShortV1,
  retrievalAugmentedV1,
} from "./retrieval-augmented-v1.ts";
import { shortV1 } from "./short-v1.ts";
import { estimatedTokens } from "../render/estimated-tokens.ts";

/** A prompt of token policies, and the hash of all it writes: stored with every trajectory. */
export interface Prompt {
  readonly template: PromptTemplate;
  readonly sha256: Sha256;
}

/** As {@link Prompt}, for chat models. */
export interface ChatPrompt {
  readonly template: ChatPromptTemplate;
  readonly sha256: Sha256;
}

/** What a record keeps of its prompt. */
export interface PromptReference {
  readonly name: string;
  readonly sha256: Sha256;
}

const templates = [
  fewShotV1,
  fewShotDirectV1,
  shortV1,
  chatV1,
  retrievalAugmentedV1,
  retrievalAugmentedShortV1,
  retrievalAugmentedFewShotV1,
];
const prompts: readonly Prompt[] = templates.map(hashed);
const chatPrompts: readonly ChatPrompt[] = [chatTagsV1, chatToolsV1].map(hashed);

function hashed<Template extends { readonly purpose: string }>(
  template: Template,
): { template: Template; sha256: Sha256 } {
  const { purpose: _purpose, ...content } = template;
  return { template, sha256: sha256(canonicalJson(content)) };
}

/** All prompts: name, purpose and hash; of token policies first. */
export function listPrompts(): readonly (PromptReference & { readonly purpose: string })[] {
  return [...prompts, ...chatPrompts].map((prompt) => ({ ...referenceOf(prompt), purpose: prompt.template.purpose }));
}

/** A prompt of token policies. @throws LitmusError `invalid-config` when none has the name */
export function getPrompt(name: string): Prompt {
  return named(prompts, chatPrompts, name);
}

/** A prompt of chat models. @throws LitmusError `invalid-config` when none has the name */
export function getChatPrompt(name: string): ChatPrompt {
  return named(chatPrompts, prompts, name);
}

/** The protocol of a prompt of chat models; null where the name is of none. */
export function chatProtocolOf(name: string): ChatProtocol | null {
  return chatPrompts.find(({ template }) => template.name === name)?.template.protocol ?? null;
}

/** Tokens, estimated, that all episodes of a prompt of chat models begin with. @throws LitmusError `invalid-config` when none has the name */
export function chatSharedTokens(name: string): number {
  return estimatedTokens(getChatPrompt(name).template.system);
}

/** Name and hash of a prompt of either kind. @throws LitmusError `invalid-config` when none has the name */
export function promptReference(name: string): PromptReference {
  const known = [...prompts, ...chatPrompts];
  return referenceOf(named<Prompt | ChatPrompt>(known, [], name));
}

const referenceOf = ({ template, sha256: hash }: Prompt | ChatPrompt): PromptReference => ({
  name: template.name,
  sha256: hash,
});

type Named = { readonly template: { readonly name: string } };

function named<P extends Named>(known: readonly P[], others: readonly Named[], name: string): P {
  const found = known.find((prompt) => prompt.template.name === name);
  if (found !== undefined) return found;
  const names = known.map((prompt) => prompt.template.name);
  const isOther = others.some((prompt) => prompt.template.name === name);
  const shown = `"${name.slice(0, 80)}"`;
  throw new LitmusError(
    "invalid-config",
    isOther ? `the prompt ${shown} is for another kind of policy` : `there is no prompt named ${shown}`,
    {
      path: "prompt",
      hint: `${isOther ? "" : `did you mean ${nearestName(name, names)}? `}Known: ${names.join(", ")}`,
    },
  );
}
