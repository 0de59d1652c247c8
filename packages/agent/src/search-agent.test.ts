import type { EpisodeEvent, Outcome, SearchHit } from "@litmus/core";
import { fail } from "@litmus/core";
import type { ScriptedReply } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createEpisodeAgent } from "./episode-agent.ts";
import type { AskEvent } from "./search-agent.ts";
import { createSearchAgent } from "./search-agent.ts";
import { episodeOptions } from "./testing/episode-options.ts";
import { fixedRetriever, hit } from "./testing/fixed-retriever.ts";
import { inCalls, inTags, playedPolicy } from "./testing/chat-script.ts";
import type { ScriptedAction } from "./testing/scripted-policy.ts";
import { scriptedPolicy } from "./testing/scripted-policy.ts";

const { budgets } = episodeOptions();
const search = "<search>insulin</search>";
const hits = [
  hit("R1", "Islets", "Beta cells make insulin.", 1),
  hit("R2", "Insulin", "Made in BETA CELLS only.", 2),
  hit("R3", "Betacells", "Alphabeta cellsx.", 3),
];
const agentOf = (script: readonly ScriptedAction[], found: Parameters<typeof fixedRetriever>[0] = hits) =>
  createSearchAgent({ policy: scriptedPolicy(script), retriever: fixedRetriever(found), prompt: "short-v1", budgets });

describe("ask", () => {
  it("gives the answer with what was cited, and what only matches as whole words", async () => {
    const result = await agentOf([search, "<cite>R1, R7</cite><answer>beta cells</answer>"]).ask("Which cells?");
    expect(result).toMatchObject({ answer: "beta cells", stopReason: "completed", failure: null, removedCitations: 1 });
    expect(result.citations).toEqual([
      { id: "R1", title: "Islets", kind: "cited" },
      { id: "R2", title: "Insulin", kind: "matched" },
    ]);
    expect(result.turns).toBe(result.trajectory.turns);
    expect(result.usage.searches).toBe(1);
  });

  it("reads an answer's signs as letters, not as a pattern", async () => {
    const found = [hit("R1", "IL-2 (+)", "x"), hit("R2", "IL-22", "x")];
    const result = await agentOf([search, "<answer>IL-2 (+)</answer>"], found).ask("Which?");
    expect(result.citations.map(({ id }) => id)).toEqual(["R1"]);
  });

  it("is clear about no answer", async () => {
    const result = await agentOf([search, search, search]).ask("Which cells?");
    expect(result).toMatchObject({
      answer: null,
      citations: [],
      removedCitations: 0,
      stopReason: "max_turns",
      failure: null,
    });
  });

  it("is clear about a failure", async () => {
    const failure = { boundary: "retrieval", code: "search-unavailable", message: "down", retryable: true } as const;
    const result = await agentOf([search], async () => fail(failure)).ask("Which cells?");
    expect(result).toMatchObject({ answer: null, stopReason: null, failure });
  });

  it.each(["", "  \n\u0000", "x".repeat(2_001), "x".repeat(100_000)])(
    "refuses a question it cannot ask (%#)",
    async (question) => {
      await expect(agentOf([search]).ask(question)).rejects.toMatchObject({ code: "invalid-input", path: "question" });
      await expect(agentOf([search]).stream(question)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: "invalid-input",
      });
    },
  );

  it("refuses an unknown prompt at once", () => {
    const make = () =>
      createSearchAgent({ policy: scriptedPolicy([]), retriever: fixedRetriever([]), prompt: "few-shot" });
    expect(make).toThrowError(expect.objectContaining({ code: "invalid-config" }));
  });

  it("ends when its signal says so", async () => {
    const result = await agentOf([search]).ask("Which cells?", { signal: AbortSignal.abort() });
    expect(result.failure).toMatchObject({ boundary: "timeout", code: "aborted" });
  });
});

describe("ask, with a chat model", () => {
  const chat = (script: readonly ScriptedReply[], takesTools = true) =>
    createSearchAgent({ policy: playedPolicy(script, { traits: { takesTools } }), retriever: fixedRetriever(hits) });
  const found = { thought: "", does: { type: "search", query: "insulin" } } as const;
  const answered = { thought: "", does: { type: "answer", answer: "beta cells", cites: ["R1"] } } as const;

  it("gives the same result through tools and, where it calls none, through tags", async () => {
    const results = [
      await chat([inCalls(found), inCalls(answered)]).ask("Which cells?"),
      await chat([inTags(found), inTags(answered)], false).ask("Which cells?"),
    ];
    expect(results.map(({ trajectory }) => trajectory.prompt.name)).toEqual(["chat-tools-v1", "chat-tags-v1"]);
    for (const result of results)
      expect(result).toMatchObject({
        answer: "beta cells",
        stopReason: "completed",
        citations: [
          { id: "R1", kind: "cited" },
          { id: "R2", kind: "matched" },
        ],
      });
  });
});

describe("stream", () => {
  const script = [search, "oops", "<answer>beta cells</answer>"];

  it("yields what a rollout of the same script emits, then the result", async () => {
    const emitted: EpisodeEvent[] = [];
    const options = episodeOptions({}, { seed: 0, temperature: 0, onEvent: (event) => void emitted.push(event) });
    await createEpisodeAgent({ prompt: "short-v1" }).run(
      "Which cells?",
      scriptedPolicy(script),
      fixedRetriever(hits),
      options,
    );
    const events: AskEvent[] = [];
    for await (const event of agentOf(script).stream("Which cells?")) events.push(event);
    const last = events.pop();
    const plain = (all: readonly AskEvent[]) =>
      JSON.parse(JSON.stringify(all, (key, value) => (/^(durationMs|startedAt)$/.test(key) ? 0 : value)));
    expect(plain(events)).toEqual(plain(emitted));
    expect(last).toMatchObject({ type: "ask-end", result: { answer: "beta cells" } });
  });

  it("yields each event before the next thing happens", async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome<readonly (readonly SearchHit[])[]>>();
    const seen: string[] = [];
    for await (const event of agentOf([search, "<answer>x</answer>"], () => promise).stream("Which cells?")) {
      seen.push(event.type);
      if (event.type === "search-start") resolve({ ok: true, value: [hits] });
    }
    expect(seen.at(-1)).toBe("ask-end");
  });

  it("aborts the episode when the loop is left", async () => {
    let signal: AbortSignal | undefined;
    const hanging = agentOf([search], (_query, own) => {
      signal = own;
      return new Promise(() => undefined);
    });
    for await (const event of hanging.stream("Which cells?")) if (event.type === "search-start") break;
    expect(signal?.aborted).toBe(true);
  });

  it("throws what a bug throws, after the events before it", async () => {
    const seen: string[] = [];
    const bug: ScriptedAction = async () => {
      throw new TypeError("a bug");
    };
    const loop = async () => {
      for await (const event of agentOf([bug]).stream("Which cells?")) seen.push(event.type);
    };
    await expect(loop()).rejects.toThrowError(TypeError);
    expect(seen).toEqual(["episode-start", "turn-start"]);
  });
});
