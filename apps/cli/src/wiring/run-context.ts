import { createEpisodeAgent } from "@litmus/agent";
import { systemClock, type RunId, type TrajectoryStore } from "@litmus/core";
import type { ExperimentConfig, RunContext, RunEvent } from "@litmus/experiment";
import { createVerifier } from "@litmus/reward";
import type { Parts } from "./open-parts.ts";
import type { OpenQueue } from "./open-queue.ts";

interface ContextParts {
  readonly runId: RunId;
  readonly config: ExperimentConfig;
  /** Folder of the run. */
  readonly directory: string;
  readonly parts: Parts;
  readonly groups: OpenQueue;
  readonly store: TrajectoryStore;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  readonly unlessPaused: RunContext["unlessPaused"];
}

/** What a run or an evaluation of it works with. */
export function runContextOf({ parts, groups, ...own }: ContextParts): RunContext {
  const { config, directory } = own;
  return {
    ...own,
    policy: parts.policy,
    retriever: parts.retriever,
    record: parts.record,
    problems: parts.problems,
    trainer: parts.trainer,
    importedAdapter: (path) => parts.importedAdapter(path, directory),
    queue: groups.queue,
    worksOnQueue: groups.worksOnQueue,
    ...scoredAgents(config),
    clock: systemClock,
  };
}

/** The agents of an experiment and its verifier: pure, and the same in every process. */
export function scoredAgents(
  config: Pick<ExperimentConfig, "agent" | "reward">,
): Pick<RunContext, "agents" | "verify"> {
  const verifier = createVerifier({ weights: config.reward });
  return {
    agents: {
      base: createEpisodeAgent({ prompt: config.agent.basePrompt }),
      trained: createEpisodeAgent({ prompt: config.agent.trainedPrompt }),
    },
    verify: (trajectory, { goldenAnswers, goldRecordIds }) => verifier.verify(trajectory, goldenAnswers, goldRecordIds),
  };
}
