import type {
  Outcome,
  PolicyIdentity,
  SampleRequest,
  SampleResult,
  SampleStop,
  TokenPolicy,
  Tokenizer,
} from "@litmus/core";
import { fail, policyVersion, sha256, succeed } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";

/** One action: its text, or a text with how sampling ended, or anything else a policy may resolve to. */
export type ScriptedAction =
  | string
  | ScriptedSample
  | ((request: SampleRequest, signal?: AbortSignal) => Promise<Outcome<SampleResult>>);

export interface ScriptedSample {
  readonly text: string;
  readonly stop?: SampleStop;
  readonly tokens?: readonly number[];
  readonly version?: number;
}

export interface ScriptedPolicy extends TokenPolicy {
  readonly requests: SampleRequest[];
  readonly released: string[];
}

/** A policy that plays a script, one entry a turn of each episode, cut at the request's token limit. */
export function scriptedPolicy(
  script: readonly ScriptedAction[],
  options: { contextTokens?: number; tokenizer?: Tokenizer } = {},
): ScriptedPolicy {
  const tokenizer = options.tokenizer ?? createByteTokenizer();
  const requests: SampleRequest[] = [];
  const released: string[] = [];
  const turns = new Map<string, number>();
  return {
    tokenizer,
    contextTokens: options.contextTokens ?? 100_000,
    requests,
    released,
    identity: () => identity(0),
    sample: async (request, signal) => {
      requests.push(request);
      const turn = turns.get(request.episodeId) ?? 0;
      turns.set(request.episodeId, turn + 1);
      const action = script[turn];
      if (action === undefined)
        return fail({ boundary: "policy", code: "script-ended", message: "no more actions", retryable: false });
      if (typeof action === "function") return await action(request, signal);
      return succeed(played(typeof action === "string" ? { text: action } : action, request, tokenizer));
    },
    score: async () => fail({ boundary: "policy", code: "not-scripted", message: "not scripted", retryable: false }),
    release: (episodeId) => void released.push(episodeId),
    useAdapter: async () => undefined,
    metrics: () => ({ slotUse: 0, restarts: 0, sampledTokens: 0, prefilledTokens: 0 }),
    close: async () => undefined,
  };
}

const identity = (version: number): PolicyIdentity => ({
  engine: "scripted",
  modelSha256: sha256("scripted"),
  version: policyVersion(version),
  adapterSha256: null,
});

/** What a policy that wrote this would resolve to: log-probabilities are −1/2, −1/4, −1/8 … by place in the action. */
function played(sample: ScriptedSample, request: SampleRequest, tokenizer: Tokenizer): SampleResult {
  const all = sample.tokens ?? tokenizer.encode(sample.text);
  const tokens = all.slice(0, request.maxTokens);
  const stopText = request.stopTexts.find((text) => tokenizer.decode(tokens).includes(text));
  const natural: SampleStop = stopText === undefined ? { type: "max-tokens" } : { type: "stop-text", text: stopText };
  return {
    tokens,
    logProbs: tokens.map((_token, i) => -(0.5 ** (1 + (i % 20)))),
    stop: sample.stop ?? natural,
    policy: identity(sample.version ?? 0),
    usage: { prefilledTokens: request.tokens.length, cachedTokens: 0, sampledTokens: tokens.length },
  };
}
