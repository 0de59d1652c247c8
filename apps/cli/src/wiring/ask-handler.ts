import { createSearchAgent, type AskResult } from "@litmus/agent";
import {
  LitmusError,
  runId,
  sha256,
  systemClock,
  trajectoryId,
  type RolloutKey,
  type TrajectoryStore,
} from "@litmus/core";
import type { RunContext } from "@litmus/experiment";
import type { JsonLine } from "../output/json-line.ts";

/** What asking needs of a run; no golden answer is known here. */
export type AskContext = Pick<RunContext, "policy" | "retriever" | "store" | "config">;

/** Where asked questions are kept. */
export const askRun = runId("ask");

/** Answers one question with the policy as it is now, and stores the trajectory under the run `ask`. */
export function askHandler(context: AskContext): (question: string, signal?: AbortSignal) => Promise<JsonLine> {
  const { agent } = context.config;
  return async (question, signal) => {
    const prompt = context.policy.identity().version === 0 ? agent.basePrompt : agent.trainedPrompt;
    const { policy, retriever } = context;
    const searchAgent = createSearchAgent({
      policy,
      retriever,
      prompt,
      budgets: agent.budgets,
      timeoutMs: agent.timeoutMs,
    });
    const answer = await searchAgent.ask(question, signal === undefined ? {} : { signal });
    const storedAs = await storeAnswer(context.store, answer);
    if (answer.failure === null) return answerLine(answer, storedAs);
    const { boundary, code, message, retryable } = answer.failure;
    throw new LitmusError("unavailable", `the question could not be worked on (${boundary}/${code}): ${message}`, {
      hint: `the episode is stored as ${storedAs}; litmus doctor checks this machine`,
      retryable,
    });
  };
}

function answerLine(answer: AskResult, storedAs: string): JsonLine {
  const { citations, turns, stopReason, usage } = answer;
  return {
    type: "answer",
    answer: answer.answer,
    citations,
    turns: turns.length,
    stopReason,
    usage,
    trajectoryId: storedAs,
  };
}

async function storeAnswer(store: TrajectoryStore, { trajectory }: AskResult): Promise<string> {
  await registerAskRun(store);
  for (let group = (await store.rolloutKeys({ runId: askRun })).length; ; group++) {
    const key: RolloutKey = { runId: askRun, stage: "ask", step: 0, purpose: "ask", group, member: 0 };
    const entry = { id: trajectoryId(key), key, problemId: null, trajectory, reward: null, rewardFailure: null };
    const [result] = await store.saveTrajectories([entry]);
    if (result === "stored") return entry.id;
  }
}

async function registerAskRun(store: TrajectoryStore): Promise<void> {
  if ((await store.run(askRun)) !== null) return;
  await store.saveRun({
    id: askRun,
    name: "ask",
    status: "finished",
    configHash: sha256("ask"),
    config: {},
    manifest: {},
    createdAt: systemClock.timestamp(),
    finishedAt: null,
  });
}
