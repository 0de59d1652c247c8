import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEpisodeAgent } from "./episode-agent.ts";
import { createLangChainChatPolicy } from "./langchain/langchain-chat-policy.ts";
import type { GraphCallbacks } from "./run-untraced.ts";
import { episodeOptions } from "./testing/episode-options.ts";
import { fixedRetriever } from "./testing/fixed-retriever.ts";
import { scriptedPolicy } from "./testing/scripted-policy.ts";

/** A stand-in for LangSmith that counts what arrives, and an environment that asks for tracing in every spelling. */
let arrived = 0;
const server = createServer((request, response) => {
  arrived += 1;
  request.resume();
  response.end("{}");
});
const names = ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"];

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of names) process.env[name] = "true";
  Object.assign(process.env, {
    LANGSMITH_ENDPOINT: url,
    LANGCHAIN_ENDPOINT: url,
    LANGSMITH_API_KEY: "test",
    LANGCHAIN_CALLBACKS_BACKGROUND: "false",
  });
});
afterAll(() => void server.close());
beforeEach(() => void (arrived = 0));

async function settled(): Promise<void> {
  await awaitAllCallbacks();
  await new Promise((resolve) => setTimeout(resolve, 500));
}

async function runEpisode(callbacks: GraphCallbacks): Promise<string | null> {
  const agent = createEpisodeAgent({ prompt: "short-v1", callbacks });
  const policy = scriptedPolicy(["<search>q</search>", "<answer>x</answer>"]);
  return (await agent.run("Which?", policy, fixedRetriever([]), episodeOptions())).answer;
}

const State = Annotation.Root({ answer: Annotation<string | null> });
const surrounding = (callbacks: GraphCallbacks) =>
  new StateGraph(State)
    .addNode("ask", async () => ({ answer: await runEpisode(callbacks) }))
    .addEdge(START, "ask")
    .addEdge("ask", END);

describe("tracing", () => {
  it("is off by default, although the environment asks for it", async () => {
    expect(await runEpisode([])).toBe("x");
    await settled();
    expect(arrived).toBe(0);
  });

  it("is off for a chat model of LangChain within an episode", async () => {
    const model = new FakeListChatModel({ responses: ["<search>q</search>", "<answer>x</answer>"] });
    const policy = await createLangChainChatPolicy(model, { name: "fake" });
    const agent = createEpisodeAgent({ prompt: "chat-tags-v1" });
    expect((await agent.run("Which?", policy, fixedRetriever([]), episodeOptions())).answer).toBe("x");
    await settled();
    expect(arrived).toBe(0);
  });

  it("stays off with callbacks that are no tracer, which are called", async () => {
    const started: string[] = [];
    class Watcher extends BaseCallbackHandler {
      name = "watcher";
      override handleChainStart(...args: Parameters<NonNullable<BaseCallbackHandler["handleChainStart"]>>): void {
        started.push(String(args[7]));
      }
    }
    expect(await runEpisode([new Watcher()])).toBe("x");
    await settled();
    expect(arrived).toBe(0);
    expect(started).toContain("reason");
  });

  it("is on when a tracer is passed in", async () => {
    expect(await runEpisode([new LangChainTracer()])).toBe("x");
    await settled();
    expect(arrived).toBeGreaterThan(0);
  });

  it("the stand-in does count a graph that is traced by the environment", async () => {
    const graph = new StateGraph(State)
      .addNode("a", () => ({ answer: "x" }))
      .addEdge(START, "a")
      .addEdge("a", END)
      .compile();
    await graph.invoke({});
    await settled();
    expect(arrived).toBeGreaterThan(0);
  });
});

describe("an episode inside another graph", () => {
  it("runs, and leaves no checkpoint of its own in the graph's", async () => {
    const checkpointer = new MemorySaver();
    const graph = surrounding([]).compile({ checkpointer });
    const result = await graph.invoke({}, { configurable: { thread_id: "1" }, recursionLimit: 5 });
    expect(result.answer).toBe("x");
    const namespaces = new Set<string>();
    for await (const { config } of checkpointer.list({ configurable: { thread_id: "1" } })) {
      namespaces.add(String(config.configurable?.["checkpoint_ns"] ?? ""));
    }
    expect([...namespaces]).toEqual([""]);
  });
});
