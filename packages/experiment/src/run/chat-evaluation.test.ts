import { chatIdentity, runId, type ChatPolicy, type ChatRequest } from "@litmus/core";
import { createScriptedChatPolicy, withoutTimes } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEpisodeAgent } from "../../../agent/src/index.ts";
import { openTinyWorld, tinyConfig, type TinyWorld } from "../testing/build-context.ts";
import type { RunContext } from "./run-context.ts";
import { runExperiment } from "./run-experiment.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

const textOf = ({ messages }: ChatRequest): string =>
  messages.flatMap(({ parts }) => parts.map((part) => (part.type === "text" ? part.text : ""))).join("\n");

/** Searches the question, then answers with the gene of what was shown; of cystic fibrosis with a wrong one. */
function genePolicy() {
  return createScriptedChatPolicy({
    script: (request) => {
      const text = textOf(request);
      if (!text.includes("[R")) return { text: `<search>${/mutated in (.*)\?/.exec(text)?.[1] ?? ""}</search>` };
      const gene = text.includes("cystic fibrosis?") ? "HBB" : (/mutated (\w+) gene/.exec(text)?.[1] ?? "none");
      return { text: `<answer>${gene}</answer>` };
    },
  });
}

const noStages = ["stages=[]", "evaluation.questions=6"];

async function chatContext(policy: ChatPolicy, overrides = noStages, id = runId("chat")): Promise<RunContext> {
  const context = await world.context({ config: tinyConfig(overrides), runId: id });
  const agent = createEpisodeAgent({ prompt: "chat-tags-v1" });
  return { ...context, policy, agents: { base: agent, trained: agent } };
}

describe("an experiment with a chat model", () => {
  it("scores it with the same verifier and intervals, from stored trajectories alone", async () => {
    const context = await chatContext(genePolicy());
    const { evaluations, gains, steps } = await runExperiment(context);
    expect(evaluations).toHaveLength(1);
    expect(evaluations[0]).toMatchObject({
      stage: "base",
      step: 0,
      split: "test",
      result: { n: 6, exactMatch: 5 / 6, failed: 0, searchesPerEpisode: 1, goldRecall: 1, sampled: { k: 2, n: 6 } },
    });
    expect(evaluations[0]?.result.ci95.low).toBeLessThan(5 / 6);
    expect([gains, steps]).toEqual([[], []]);
    const stored = await context.store.trajectories({ runId: context.runId });
    expect(stored).toHaveLength(6 * 3);
    for (const { trajectory, reward } of stored) {
      expect(trajectory).toMatchObject({ policy: chatIdentity("scripted"), tokens: [], segments: [], logProbs: [] });
      expect(trajectory.turns).toHaveLength(2);
      expect(reward).not.toBeNull();
    }
  });

  it("goes on from what is stored, and asks nothing again", async () => {
    const context = await chatContext(genePolicy());
    const before = (await context.store.trajectories({ runId: context.runId })).map(withoutTimes);
    const again = genePolicy();
    await runExperiment({ ...context, policy: again });
    expect(again.requests).toEqual([]);
    expect((await context.store.trajectories({ runId: context.runId })).map(withoutTimes)).toEqual(before);
  });

  it("stops where too many of its calls fail", async () => {
    const busy = { boundary: "policy", code: "engine-busy", message: "429", retryable: true } as const;
    const policy = createScriptedChatPolicy({ script: () => busy });
    const context = await chatContext(policy, noStages, runId("busy"));
    await expect(runExperiment(context)).rejects.toMatchObject({ code: "gate-failed" });
  });

  it("is refused where there is a stage to train, before anything is asked", async () => {
    const policy = genePolicy();
    const context = await chatContext(policy, [], runId("trained"));
    await expect(runExperiment(context)).rejects.toMatchObject({ code: "incompatible", path: "policy.engine" });
    expect(policy.requests).toEqual([]);
    expect(await context.store.trajectories({ runId: context.runId })).toEqual([]);
  });
});
