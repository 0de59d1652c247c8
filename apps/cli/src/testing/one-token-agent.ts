import {
  requireTokenPolicy,
  sha256,
  succeed,
  type Agent,
  type EpisodeOutcome,
  type Outcome,
  type Problem,
  type Reward,
  type SampleResult,
  type TokenPolicy,
  type Trajectory,
} from "@litmus/core";

/**
 * @file The smallest agent there is: it writes one token. Rolled out, stored and trained like the search agent, it shows
 * whether a verified reward reaches the weights that the next token is sampled with.
 */

/** Samples one token after the question; that token is the answer. */
export const oneTokenAgent: Agent = {
  name: "one-token",
  run: async (question, anyPolicy, retriever, options) => {
    const policy = requireTokenPolicy(anyPolicy);
    const prompt = [policy.tokenizer.special.beginOfSequence, ...policy.tokenizer.encode(question)];
    const episodeId = `one-token ${options.seed}`;
    const request = { episodeId, tokens: prompt, sharedPrefixLength: prompt.length - 1, maxTokens: 1, stopTexts: [] };
    const sampled = await policy.sample(
      { ...request, temperature: options.temperature, seed: options.seed },
      options.signal,
    );
    policy.release(episodeId);
    return trajectoryOf({ question, prompt, sampled, policy, indexId: retriever.info.id, options });
  },
};

/** 1 when the token is the golden answer, white space aside. */
export function verifyOneToken(
  trajectory: Trajectory,
  { goldenAnswers }: Pick<Problem, "goldenAnswers">,
): Outcome<Reward> {
  const score = goldenAnswers.includes(trajectory.answer ?? "") ? 1 : 0;
  return succeed({
    components: [{ name: "exactMatch", score, weight: 1, detail: trajectory.answer ?? "" }],
    total: score,
    scorer: "one-token-1",
  });
}

interface OneTokenEpisode {
  readonly question: string;
  readonly prompt: readonly number[];
  readonly sampled: Outcome<SampleResult>;
  readonly policy: TokenPolicy;
  readonly indexId: Trajectory["indexId"];
  readonly options: Parameters<Agent["run"]>[3];
}

function trajectoryOf({ question, prompt, sampled, policy, indexId, options }: OneTokenEpisode): Trajectory {
  const tokens = sampled.ok ? sampled.value.tokens : [];
  const actionText = policy.tokenizer.decode(tokens);
  const answer = actionText.trim();
  const end = prompt.length + tokens.length;
  const outcome: EpisodeOutcome = sampled.ok
    ? { type: "stopped", reason: "completed" }
    : { type: "failed", failure: sampled.failure };
  return {
    schemaVersion: 1,
    question,
    prompt: { name: "one-token", sha256: sha256("one-token") },
    policy: sampled.ok ? sampled.value.policy : policy.identity(),
    indexId,
    temperature: options.temperature,
    seed: options.seed,
    tokens: [...prompt, ...tokens],
    segments: [
      { kind: "prompt", start: 0, end: prompt.length, turn: 0 },
      ...(tokens.length === 0 ? [] : [{ kind: "action" as const, start: prompt.length, end, turn: 0 }]),
    ],
    logProbs: sampled.ok ? sampled.value.logProbs : [],
    turns: [
      {
        index: 0,
        actionText,
        action: { type: "answer", answer, cited: [] },
        sampledTokens: tokens.length,
        search: null,
      },
    ],
    answer: sampled.ok ? answer : null,
    cited: [],
    outcome,
    usage: { prefilledTokens: 0, cachedTokens: 0, sampledTokens: tokens.length, searches: 0 },
    timing: { startedAt: new Date(0).toISOString(), durationMs: 0 },
  };
}
