import {
  fail,
  succeed,
  type PolicyIdentity,
  type SampleRequest,
  type SampleResult,
  type TokenPolicy,
} from "@litmus/core";

/** What a teacher says next. `heard` is the text that the environment added since the last action. */
export type Speak = (heard: string, turn: number) => string | null;

/**
 * A policy that says what it is told to: the agent runs it like any other, so that demonstrations are encoded
 * exactly as rollouts are. Where `speak` returns null, or more than an action may hold, the episode fails and teaches nothing.
 */
export function createTeacherPolicy(student: TokenPolicy, speak: Speak): TokenPolicy {
  let spoken = 0;
  let turn = 0;
  const identity: PolicyIdentity = { ...student.identity(), engine: "teacher" };
  const sample = (request: SampleRequest): SampleResult | null => {
    const text = speak(student.tokenizer.decode(request.tokens.slice(spoken)), turn++);
    if (text === null) return null;
    const tokens = student.tokenizer.encode(text);
    if (tokens.length > request.maxTokens) return null;
    spoken = request.tokens.length + tokens.length;
    return {
      tokens,
      logProbs: tokens.map(() => 0),
      stop: { type: "stop-text", text: request.stopTexts.find((stop) => text.endsWith(stop)) ?? "" },
      policy: identity,
      usage: { prefilledTokens: 0, cachedTokens: 0, sampledTokens: tokens.length },
    };
  };
  return {
    tokenizer: student.tokenizer,
    contextTokens: student.contextTokens,
    identity: () => identity,
    sample: async (request) => {
      const result = sample(request);
      if (result !== null) return succeed(result);
      return fail({
        boundary: "policy",
        code: "nothing-to-teach",
        message: "no fitting answer was shown",
        retryable: false,
      });
    },
    score: async () =>
      fail({ boundary: "policy", code: "not-supported", message: "a teacher scores nothing", retryable: false }),
    release: () => {},
    useAdapter: async () => {},
    metrics: () => ({ slotUse: 0, restarts: 0, sampledTokens: 0, prefilledTokens: 0 }),
    close: async () => {},
  };
}
