import { promptReference } from "@litmus/agent";
import { trajectoryId, type Failure, type PolicyIdentity, type StoredTrajectory } from "@litmus/core";
import type { RunContext } from "../run/run-context.ts";
import { memberKeys, type RolloutRequest } from "./rollout-request.ts";

interface Unmade {
  readonly request: RolloutRequest;
  readonly failure: Failure;
  /** What was to sample them. */
  readonly policy: PolicyIdentity;
}

/** The records of episodes that no worker could make: a failure without a token. */
export function unmadeTrajectories(context: RunContext, { request, failure, policy }: Unmade): StoredTrajectory[] {
  const { problem, temperature, seeds } = request;
  const { agent } = context.config;
  const prompt = promptReference(request.prompt === "base" ? agent.basePrompt : agent.trainedPrompt);
  return memberKeys(request).map((key, member) => ({
    id: trajectoryId(key),
    key,
    problemId: problem.id,
    reward: null,
    rewardFailure: null,
    trajectory: {
      schemaVersion: 1,
      question: problem.question,
      prompt,
      policy,
      indexId: context.retriever.info.id,
      temperature,
      seed: seeds[member] ?? 0,
      tokens: [],
      segments: [],
      logProbs: [],
      turns: [],
      answer: null,
      cited: [],
      outcome: { type: "failed", failure },
      usage: { prefilledTokens: 0, cachedTokens: 0, sampledTokens: 0, searches: 0 },
      timing: { startedAt: context.clock.timestamp(), durationMs: 0 },
    },
  }));
}
