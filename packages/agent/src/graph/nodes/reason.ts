import type { PolicyIdentity } from "@litmus/core";
import { canonicalJson, deriveSeed } from "@litmus/core";
import type { Acted } from "../../dialogue/dialogue.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { usageOf } from "../episode-state.ts";
import { tokenRoom } from "../token-room.ts";

/** Asks the policy for one action. */
export async function reason(state: EpisodeState, episode: EpisodeContext): Promise<EpisodeUpdate> {
  if (state.found === null) episode.emit({ type: "turn-start", turn: state.turn });
  const { options, deadline, dialogue } = episode;
  const request = {
    seed: deriveSeed(options.seed, "turn", state.turn),
    temperature: options.temperature,
    maxActionTokens: options.budgets.maxActionTokens,
    room: tokenRoom(state, episode),
    signal: deadline.signal,
  };
  const outcome = await deadline.within(() => dialogue.act(state, request));
  if (!outcome.ok) return { outcome: { type: "failed", failure: outcome.failure } };
  if (state.policy !== null && !samePolicy(state.policy, outcome.value.policy)) return switched;
  return recordAction(state, outcome.value, episode);
}

function recordAction(state: EpisodeState, acted: Acted, episode: EpisodeContext): EpisodeUpdate {
  const { text, action, sampledTokens, policy, usage, saying } = acted;
  episode.emit({ type: "action-end", turn: state.turn, text });
  const limit = action.type === "malformed" ? acted.cutBy : null;
  return {
    ...saying,
    usage: usageOf(usage),
    policy,
    pending: { text, action, sampledTokens, cut: limit === "max_tokens" },
    ...(limit === null || limit === "max_tokens" ? {} : { outcome: { type: "stopped", reason: limit } }),
  };
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
