import type { PolicyIdentity, SampleRequest, SampleResult } from "@litmus/core";
import { canonicalJson, deriveSeed, LitmusError } from "@litmus/core";
import { parseAction } from "../../action/parse-action.ts";
import { stopTexts } from "../../action/tags.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { usageOf } from "../episode-state.ts";
import { tokenRoom } from "../token-room.ts";

/** Asks the policy for one action and reads it. */
export async function reason(state: EpisodeState, episode: EpisodeContext): Promise<EpisodeUpdate> {
  if (state.found === null) episode.emit({ type: "turn-start", turn: state.turn });
  const request = sampleRequest(state, episode);
  const outcome = await episode.deadline.within(() => episode.policy.sample(request, episode.deadline.signal));
  if (!outcome.ok) return { outcome: { type: "failed", failure: outcome.failure } };
  checkSample(outcome.value, request);
  if (state.policy !== null && !samePolicy(state.policy, outcome.value.policy)) return switched;
  return recordAction(state, { request, result: outcome.value }, episode);
}

function sampleRequest(state: EpisodeState, episode: EpisodeContext): SampleRequest {
  const { options, renderer } = episode;
  return {
    episodeId: episode.episodeId,
    tokens: state.tokens,
    sharedPrefixLength: renderer.sharedPrefix.length,
    maxTokens: Math.min(options.budgets.maxActionTokens, tokenRoom(state, episode).tokens),
    temperature: options.temperature,
    seed: deriveSeed(options.seed, "turn", state.turn),
    stopTexts,
  };
}

interface Sampled {
  readonly request: SampleRequest;
  readonly result: SampleResult;
}

function recordAction(state: EpisodeState, sampled: Sampled, episode: EpisodeContext): EpisodeUpdate {
  const { result } = sampled;
  const text = episode.policy.tokenizer.decode(result.tokens);
  const action = parseAction(episode.template.actionCue + text);
  episode.emit({ type: "action-end", turn: state.turn, text });
  const start = state.tokens.length;
  const end = start + result.tokens.length;
  const limit = action.type === "malformed" ? limitReached(sampled, state, episode) : null;
  return {
    tokens: result.tokens,
    segments: end > start ? [{ kind: "action", start, end, turn: state.turn }] : [],
    logProbs: result.logProbs,
    usage: usageOf(result.usage),
    policy: result.policy,
    pending: { text, action, sampledTokens: result.tokens.length, cut: limit === "max_tokens" },
    ...(limit === null || limit === "max_tokens" ? {} : { outcome: { type: "stopped", reason: limit } }),
  };
}

/** The limit that cut the action short: of one action, of the episode, or of the context; null when none did. */
function limitReached({ request, result }: Sampled, state: EpisodeState, episode: EpisodeContext) {
  if (result.stop.type === "context-full") return "context_overflow";
  if (result.stop.type !== "max-tokens") return null;
  const ownLimit = request.maxTokens === episode.options.budgets.maxActionTokens;
  return ownLimit ? "max_tokens" : tokenRoom(state, episode).limit;
}

function checkSample(result: SampleResult, request: SampleRequest): void {
  const aligned = result.tokens.length === result.logProbs.length && result.tokens.length <= request.maxTokens;
  if (aligned && (result.tokens.length > 0 || result.stop.type === "context-full")) return;
  const found = `${result.tokens.length} tokens, ${result.logProbs.length} log-probabilities, at most ${request.maxTokens} asked for`;
  throw new LitmusError("bug", `the policy broke its contract: ${found}`);
}

const samePolicy = (a: PolicyIdentity, b: PolicyIdentity): boolean => canonicalJson(a) === canonicalJson(b);

const switched: EpisodeUpdate = {
  outcome: {
    type: "failed",
    failure: {
      boundary: "policy",
      code: "policy-switched",
      message: "another policy version answered within the episode",
      retryable: true,
    },
  },
};
