import type { Segment, ShownHit, Tokenizer } from "@litmus/core";
import { LitmusError } from "@litmus/core";
import { closeTag, openTag } from "../action/tags.ts";
import type { PromptPart, PromptTemplate, TurnMark } from "../prompts/prompt-template.ts";
import { cleanQuestion } from "../text/clean-question.ts";
import { fewestObservationTokens, fitObservation, type Found } from "./fit-observation.ts";

/** Ids with their writer; never empty. */
export interface RenderedSegment {
  readonly kind: Segment["kind"];
  readonly tokens: readonly number[];
}

/** What the environment writes at one point of an episode. */
export interface Rendered {
  readonly segments: readonly RenderedSegment[];
  readonly shown: readonly ShownHit[];
}

/**
 * Messages to ids with segment spans, segment by segment and with special-token parsing off: what the agent writes and
 * what supervised data holds are alike because both are made here. Sampled ids are never encoded again.
 */
export interface Renderer {
  /** Beginning of sequence and the prompt's shared part: the prefix common to all episodes of the prompt. */
  readonly sharedPrefix: readonly number[];
  /** Fewest tokens of a reply that shows anything, with what the prompt writes around it. */
  readonly fewestReplyTokens: number;
  /** Fewest tokens that `maxObservationTokens` may be. */
  readonly fewestObservationTokens: number;
  /** The shared prefix, the question and what follows it. */
  prompt(question: string): Rendered;
  /** The results of a search. `maxTokens` bounds the information block; `lastToken` is the last id so far. */
  observation(found: Found, maxTokens: number, lastToken: number): Rendered;
  /** The reply to an action that says nothing. It holds no pair of tags that could be taken for an answer. */
  correction(lastToken: number): Rendered;
}

/** @throws LitmusError `incompatible` when the prompt has chat turns and the model does not */
export function createRenderer(template: PromptTemplate, tokenizer: Tokenizer): Renderer {
  const encode = (parts: readonly PromptPart[]): number[] => encodeParts(parts, tokenizer);
  const sharedPrefix = [tokenizer.special.beginOfSequence, ...encode(template.shared)];
  const before = encode(template.beforeObservation);
  const after = encode(template.afterObservation);
  const correctionTokens = tokenizer.encode(
    `\n${openTag("information")}\n${template.correction}\n${closeTag("information")}\n`,
  );
  const fewest = Math.max(fewestObservationTokens(tokenizer), correctionTokens.length);

  const framed = (tokens: readonly number[], lastToken: number): RenderedSegment[] => {
    if (tokens.some((token) => tokenizer.isControl(token))) {
      throw new LitmusError(
        "bug",
        "an observation holds a control token: the tokenizer parsed special tokens in plain text",
      );
    }
    // A chat model may have sampled the end of its turn itself.
    const head = before[0] === lastToken && tokenizer.isControl(lastToken) ? before.slice(1) : before;
    return segments([
      { kind: "prompt", tokens: head },
      { kind: "observation", tokens },
      { kind: "prompt", tokens: after },
    ]);
  };
  return {
    sharedPrefix,
    fewestReplyTokens: before.length + fewest + after.length,
    fewestObservationTokens: fewest,
    prompt: (question) => {
      const own = encode([` ${cleanQuestion(question)}`, ...template.afterQuestion]);
      return { segments: [{ kind: "prompt", tokens: [...sharedPrefix, ...own] }], shown: [] };
    },
    observation: (found, maxTokens, lastToken) => {
      const fitted = fitObservation(found, maxTokens, tokenizer);
      return { segments: framed(fitted.tokens, lastToken), shown: fitted.shown };
    },
    correction: (lastToken) => ({ segments: framed(correctionTokens, lastToken), shown: [] }),
  };
}

const segments = (all: readonly RenderedSegment[]): RenderedSegment[] => all.filter(({ tokens }) => tokens.length > 0);

/** Neighbouring texts are encoded as one. */
function encodeParts(parts: readonly PromptPart[], tokenizer: Tokenizer): number[] {
  const tokens: number[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") tokens.push(...tokenizer.encode(text));
    text = "";
  };
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    flush();
    tokens.push(markToken(part, tokenizer));
  }
  flush();
  return tokens;
}

function markToken({ mark }: TurnMark, tokenizer: Tokenizer): number {
  const token = mark === "start-of-turn" ? tokenizer.special.startOfTurn : tokenizer.special.endOfTurn;
  if (token !== null && token !== undefined) return token;
  throw new LitmusError("incompatible", `the prompt has chat turns, but the model's tokenizer has no ${mark} token`, {
    path: "prompt",
    hint: "use few-shot-v1 or short-v1 with a model that has no chat turns",
  });
}
