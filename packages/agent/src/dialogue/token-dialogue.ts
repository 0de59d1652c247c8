import type { SampleRequest, SampleResult, TokenPolicy } from "@litmus/core";
import { LitmusError, succeed } from "@litmus/core";
import { parseAction } from "../action/parse-action.ts";
import { stopTexts } from "../action/tags.ts";
import type { PromptTemplate } from "../prompts/prompt-template.ts";
import type { Renderer } from "../render/renderer.ts";
import { appendSegments } from "./append-segments.ts";
import { silence, type Acted, type ActionRequest, type Dialogue, type Said } from "./dialogue.ts";

/** A citation and a short name. */
const mostAnswerTokens = 48;

export interface TokenDialogueParts {
  readonly episodeId: string;
  readonly policy: TokenPolicy;
  readonly template: PromptTemplate;
  readonly renderer: Renderer;
}

/** An episode in ids: sampled ids as they are, everything else encoded once by the renderer. */
export function createTokenDialogue(parts: TokenDialogueParts): Dialogue {
  const { episodeId, policy, template, renderer } = parts;
  const { fewestReplyTokens, fewestObservationTokens, sharedPrefix } = renderer;
  return {
    contextTokens: policy.contextTokens,
    sharedTokens: sharedPrefix.length,
    fewestReplyTokens,
    mostAnswerTokens,
    fewestObservationTokens,
    retrievesFirst: template.retrievesFirst,
    identity: () => policy.identity(),
    tokensOf: ({ tokens }) => tokens.length,
    open: (question) => {
      const prefix = { kind: "prompt", tokens: sharedPrefix } as const;
      const segments = question === null ? [prefix] : renderer.prompt(question).segments;
      return appendSegments({ tokens: [], turn: 0 }, segments);
    },
    act: async (said, request) => {
      const sampling = sampleRequest(parts, said, request);
      const outcome = await policy.sample(sampling, request.signal);
      if (!outcome.ok) return outcome;
      checkSample(outcome.value, sampling);
      return succeed(read(parts, said, { request, sampling, result: outcome.value }));
    },
    observe: (said, found, maxTokens) => {
      const { segments, shown } = renderer.observation(found, maxTokens, said.tokens.at(-1) ?? -1);
      return { saying: appendSegments(said, segments), hits: shown };
    },
    correct: (said) => appendSegments(said, renderer.correction(said.tokens.at(-1) ?? -1).segments),
    end: () => policy.release(episodeId),
  };
}

function sampleRequest(parts: TokenDialogueParts, said: Said, request: ActionRequest): SampleRequest {
  const { temperature, seed, maxActionTokens, room } = request;
  return {
    episodeId: parts.episodeId,
    tokens: said.tokens,
    sharedPrefixLength: parts.renderer.sharedPrefix.length,
    maxTokens: Math.min(maxActionTokens, room.tokens),
    temperature,
    seed,
    stopTexts,
  };
}

interface Sampled {
  readonly request: ActionRequest;
  readonly sampling: SampleRequest;
  readonly result: SampleResult;
}

function read({ policy, template }: TokenDialogueParts, said: Said, sampled: Sampled): Acted {
  const { tokens, logProbs, usage, policy: identity } = sampled.result;
  const text = policy.tokenizer.decode(tokens);
  const start = said.tokens.length;
  const end = start + tokens.length;
  return {
    text,
    action: parseAction(template.actionCue + text),
    cutBy: limitReached(sampled),
    sampledTokens: tokens.length,
    usage,
    policy: identity,
    saying: {
      ...silence,
      tokens,
      segments: end > start ? [{ kind: "action", start, end, turn: said.turn }] : [],
      logProbs,
    },
  };
}

function limitReached({ request, sampling, result }: Sampled): Acted["cutBy"] {
  if (result.stop.type === "context-full") return "context_overflow";
  if (result.stop.type !== "max-tokens") return null;
  return sampling.maxTokens === request.maxActionTokens ? "max_tokens" : request.room.limit;
}

function checkSample(result: SampleResult, request: SampleRequest): void {
  const aligned = result.tokens.length === result.logProbs.length && result.tokens.length <= request.maxTokens;
  if (aligned && (result.tokens.length > 0 || result.stop.type === "context-full")) return;
  const found = `${result.tokens.length} tokens, ${result.logProbs.length} log-probabilities, at most ${request.maxTokens} asked for`;
  throw new LitmusError("bug", `the policy broke its contract: ${found}`);
}
