import type { Sha256 } from "@litmus/core";
import { canonicalJson, LitmusError, sha256 } from "@litmus/core";
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

/** A prompt and the hash of all it writes: stored with every trajectory. */
export interface Prompt {
  readonly template: PromptTemplate;
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
const prompts: readonly Prompt[] = templates.map((template) => {
  const { purpose: _purpose, ...content } = template;
  return { template, sha256: sha256(canonicalJson(content)) };
});

/** All prompts: name, purpose and hash. */
export function listPrompts(): readonly { name: string; purpose: string; sha256: Sha256 }[] {
  return prompts.map(({ template, sha256: hash }) => ({
    name: template.name,
    purpose: template.purpose,
    sha256: hash,
  }));
}

/** @throws LitmusError `invalid-config` when no prompt has the name */
export function getPrompt(name: string): Prompt {
  const found = prompts.find((prompt) => prompt.template.name === name);
  if (found !== undefined) return found;
  const known = prompts.map((prompt) => prompt.template.name);
  throw new LitmusError("invalid-config", `there is no prompt named "${name.slice(0, 80)}"`, {
    path: "prompt",
    hint: `did you mean ${nearestName(name, known)}? Known: ${known.join(", ")}`,
  });
}
