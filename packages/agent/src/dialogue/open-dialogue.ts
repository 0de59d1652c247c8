import { isChatPolicy, type Policy, type Tokenizer } from "@litmus/core";
import { getChatPrompt, getPrompt } from "../prompts/prompts.ts";
import { createRenderer, type Renderer } from "../render/renderer.ts";
import { createChatDialogue } from "./chat-dialogue.ts";
import type { Dialogue } from "./dialogue.ts";
import { createTokenDialogue } from "./token-dialogue.ts";

/** Makes the dialogues of one prompt. @throws LitmusError `invalid-config` when the prompt is not for this kind of policy */
export type DialogueOpener = (policy: Policy, episodeId: string) => Dialogue;

/** What a token policy's prompt is encoded to is kept for each tokenizer. */
export function createDialogueOpener(prompt: string): DialogueOpener {
  const renderers = new WeakMap<Tokenizer, Renderer>();
  return (policy, episodeId) => {
    if (isChatPolicy(policy)) return createChatDialogue(policy, getChatPrompt(prompt).template);
    const { template } = getPrompt(prompt);
    const renderer = renderers.get(policy.tokenizer) ?? createRenderer(template, policy.tokenizer);
    renderers.set(policy.tokenizer, renderer);
    return createTokenDialogue({ episodeId, policy, template, renderer });
  };
}
