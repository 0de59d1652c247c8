import type { EpisodeEvent, EpisodeOptions, Trajectory } from "@litmus/core";
import { deriveSeed, fail, LitmusError, succeed } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { createEpisodeAgent } from "./episode-agent.ts";
import { getPrompt } from "./prompts/prompts.ts";
import { checkTrajectory, observations } from "./testing/check-trajectory.ts";
import { episodeOptions } from "./testing/episode-options.ts";
import { fixedRetriever, hit } from "./testing/fixed-retriever.ts";
import type { ScriptedAction } from "./testing/scripted-policy.ts";
import { scriptedPolicy } from "./testing/scripted-policy.ts";

const question = "Which cells make insulin?";
const search = "<think>I look it up.</think>\n<search>insulin cells</search>";
const answer = "<cite>R1</cite>\n<answer>beta cells</answer>";
const hits = [hit("R1", "Islets", "Beta cells make insulin.", 1), hit("R2", "Scurvy", "Vitamin C is lacking.", 2)];

async function play(
  script: readonly ScriptedAction[],
  options: EpisodeOptions = episodeOptions(),
  prompt = "short-v1",
): Promise<Trajectory> {
  const policy = scriptedPolicy(script);
  const trajectory = await createEpisodeAgent({ prompt }).run(question, policy, fixedRetriever(hits), options);
  checkTrajectory(trajectory, policy.tokenizer);
  expect(policy.released).toEqual([policy.requests[0]?.episodeId]);
  return trajectory;
}

describe("an episode that searches and answers", () => {
  it("records what was written, by whom, and what came of it", async () => {
    const policy = scriptedPolicy([search, answer]);
    const trajectory = await createEpisodeAgent({ prompt: "short-v1" }).run(
      question,
      policy,
      fixedRetriever(hits),
      episodeOptions(),
    );
    checkTrajectory(trajectory, policy.tokenizer);
    expect(trajectory.outcome).toEqual({ type: "stopped", reason: "completed" });
    expect(trajectory.answer).toBe("beta cells");
    expect(trajectory.cited).toEqual(["R1"]);
    expect(trajectory.prompt).toEqual({ name: "short-v1", sha256: getPrompt("short-v1").sha256 });
    expect(trajectory.usage).toMatchObject({ searches: 1, sampledTokens: search.length + answer.length });
    expect(trajectory.turns.map(({ action }) => action.type)).toEqual(["search", "answer"]);
    expect(trajectory.turns[0]?.search).toMatchObject({ query: "insulin cells", failure: null });
    expect(trajectory.turns[0]?.search?.hits).toEqual([
      { recordId: "R1", rank: 1, score: 10, title: "Islets", shownText: "Beta cells make insulin.", cut: false },
      { recordId: "R2", rank: 2, score: 5, title: "Scurvy", shownText: "Vitamin C is lacking.", cut: false },
    ]);
    expect(trajectory.segments.map(({ kind, turn }) => [kind, turn])).toEqual([
      ["prompt", 0],
      ["action", 0],
      ["observation", 0],
      ["action", 1],
    ]);
    expect(trajectory.tokens[0]).toBe(policy.tokenizer.special.beginOfSequence);
    expect(policy.tokenizer.decode(trajectory.tokens)).toBe(
      `Question: ${question}\n${search}\n<information>\n[R1] Islets. Beta cells make insulin.\n[R2] Scurvy. Vitamin C is lacking.\n</information>\n${answer}`,
    );
  });

  it("hands the policy a context that only grows, and a seed of its own for each turn", async () => {
    const policy = scriptedPolicy([search, answer]);
    const trajectory = await createEpisodeAgent({ prompt: "few-shot-v1" }).run(
      question,
      policy,
      fixedRetriever(hits),
      episodeOptions(),
    );
    const [first, second] = policy.requests;
    expect(second?.tokens.slice(0, first?.tokens.length)).toEqual(first?.tokens);
    expect(trajectory.tokens.slice(0, second?.tokens.length)).toEqual(second?.tokens);
    expect(policy.requests.map(({ seed }) => seed)).toEqual([deriveSeed(7, "turn", 0), deriveSeed(7, "turn", 1)]);
    expect(policy.requests.map(({ stopTexts }) => stopTexts)).toEqual(Array(2).fill(["</search>", "</answer>"]));
    const shared = first?.tokens.slice(0, first.sharedPrefixLength) ?? [];
    expect(policy.tokenizer.decode(shared)).toMatch(/Question:$/);
    expect(policy.tokenizer.decode(first?.tokens.slice(first.sharedPrefixLength) ?? [])).toBe(` ${question}\n`);
  });

  it("keeps the tail of the last token, and does not read it", async () => {
    const trajectory = await play([{ text: `${search}\n<answer>x` }, answer]);
    expect(trajectory.turns[0]).toMatchObject({ actionText: `${search}\n<answer>x`, action: { type: "search" } });
    expect(trajectory.outcome).toEqual({ type: "stopped", reason: "completed" });
  });

  it("keeps sampled ids as they are, whatever they decode to", async () => {
    const sampled = [0xff, 0xc3, 257, ...new TextEncoder().encode(answer)];
    const trajectory = await play([{ text: "", tokens: sampled, stop: { type: "stop-text", text: "</answer>" } }]);
    const action = trajectory.segments.at(-1);
    expect(trajectory.tokens.slice(action?.start, action?.end)).toEqual(sampled);
    expect(trajectory.answer).toBe("beta cells");
  });

  it("drops citations of records that were not retrieved in the episode", async () => {
    const trajectory = await play([search, "<cite>R2, R9, EX01</cite><answer>x</answer>"]);
    expect(trajectory.cited).toEqual(["R2"]);
    expect(trajectory.turns[1]?.action).toMatchObject({ cited: ["R2", "R9", "EX01"] });
    expect((await play(["<cite>R1</cite><answer>x</answer>"])).cited).toEqual([]);
  });

  it("is equal in content when run again, timing apart", async () => {
    const content = ({ timing: _timing, turns, ...rest }: Trajectory) => ({
      ...rest,
      turns: turns.map((turn) => ({ ...turn, search: { ...turn.search, durationMs: 0 } })),
    });
    expect(content(await play([search, answer]))).toEqual(content(await play([search, answer])));
  });
});

describe("stop reasons", () => {
  const reasonOf = ({ outcome }: Trajectory): string =>
    outcome.type === "stopped" ? outcome.reason : outcome.failure.code;

  it("completed", async () => expect(reasonOf(await play([answer]))).toBe("completed"));

  it("max_turns: a search asked for in the last turn is not made", async () => {
    const trajectory = await play([search, search, search]);
    expect(reasonOf(trajectory)).toBe("max_turns");
    expect(trajectory.usage.searches).toBe(2);
    expect(trajectory.turns.map((turn) => turn.search?.query ?? null)).toEqual([
      "insulin cells",
      "insulin cells",
      null,
    ]);
    expect(reasonOf(await play([search], episodeOptions({ maxTurns: 0 })))).toBe("max_turns");
  });

  it("the turn after the last search may answer", async () =>
    expect(reasonOf(await play([search, search, answer]))).toBe("completed"));

  it("parse_error: the last action was malformed, and each one counted as a turn", async () => {
    const trajectory = await play(["no tags", search, { text: "still none", stop: { type: "end-token", token: 257 } }]);
    expect(reasonOf(trajectory)).toBe("parse_error");
    expect(trajectory.turns.map(({ action }) => action.type)).toEqual(["malformed", "search", "malformed"]);
    expect(
      reasonOf(
        await play([{ text: "none", stop: { type: "end-token", token: 257 } }], episodeOptions({ maxTurns: 0 })),
      ),
    ).toBe("parse_error");
  });

  it("max_tokens: the last action was cut before its tag was closed", async () => {
    const options = episodeOptions({ maxActionTokens: 60, maxTurns: 1 });
    const trajectory = await play([`<search>${"a".repeat(99)}`, `<answer>${"a".repeat(99)}`], options);
    expect(reasonOf(trajectory)).toBe("max_tokens");
    expect(trajectory.turns.map(({ sampledTokens }) => sampledTokens)).toEqual([60, 60]);
    expect(reasonOf(await play([`<search>${"a".repeat(99)}`, answer], options))).toBe("completed");
  });

  it("max_sampled_tokens: the episode's budget cut an action, or held no reply", async () => {
    const cut = await play([`<search>${"a".repeat(390)}`], episodeOptions({ maxEpisodeTokens: 200 }));
    expect(reasonOf(cut)).toBe("max_sampled_tokens");
    expect(cut.tokens.length).toBe(200 + 1 + "Question:".length);
    const noReply = await play([search], episodeOptions({ maxEpisodeTokens: 160 }));
    expect(reasonOf(noReply)).toBe("max_sampled_tokens");
    expect(noReply.usage.searches).toBe(0);
    expect(noReply.turns).toHaveLength(1);
    expect(reasonOf(await play(["nothing"], episodeOptions({ maxEpisodeTokens: 150 })))).toBe("max_sampled_tokens");
  });

  it("context_overflow: the context cut an action, or held no reply, or no prompt", async () => {
    const agent = createEpisodeAgent({ prompt: "short-v1" });
    const run = (contextTokens: number, script: ScriptedAction[]) =>
      agent.run(question, scriptedPolicy(script, { contextTokens }), fixedRetriever(hits), episodeOptions());
    expect(reasonOf(await run(200, [`<search>${"a".repeat(390)}`]))).toBe("context_overflow");
    expect(reasonOf(await run(170, [search]))).toBe("context_overflow");
    expect(reasonOf(await run(400, [{ text: "half", stop: { type: "context-full" } }]))).toBe("context_overflow");
    expect(reasonOf(await run(400, [{ text: "", stop: { type: "context-full" } }]))).toBe("context_overflow");
    const empty = await run(40, [answer]);
    expect(reasonOf(empty)).toBe("context_overflow");
    expect([empty.turns, empty.logProbs]).toEqual([[], []]);
  });

  it("context_overflow without an action: a question above the limit, however long", async () => {
    const policy = scriptedPolicy([answer]);
    const run = (text: string) =>
      createEpisodeAgent({ prompt: "few-shot-v1" }).run(text, policy, fixedRetriever(hits), episodeOptions());
    for (const length of [2_001, 100_000, 10_000_000]) {
      const trajectory = await run("x".repeat(length));
      checkTrajectory(trajectory, policy.tokenizer);
      expect(reasonOf(trajectory)).toBe("context_overflow");
      expect(policy.requests).toEqual([]);
    }
    expect(reasonOf(await run("x".repeat(2_000)))).toBe("completed");
  });
});

describe("a malformed action", () => {
  it("is answered with a correction that holds no answer, and the episode goes on", async () => {
    const policy = scriptedPolicy(["insulin is nice\n", search, answer]);
    const trajectory = await createEpisodeAgent({ prompt: "short-v1" }).run(
      question,
      policy,
      fixedRetriever(hits),
      episodeOptions(),
    );
    checkTrajectory(trajectory, policy.tokenizer);
    const [correction] = observations(trajectory, policy.tokenizer);
    expect(correction?.text).toBe("\n<information>\nNo results found.\n</information>\n");
    expect(trajectory.turns[0]).toMatchObject({
      action: { type: "malformed", reason: "neither a search nor an answer" },
      search: null,
    });
    expect(trajectory.answer).toBe("beta cells");
  });
});

describe("failures", () => {
  const outage = { boundary: "retrieval", code: "search-unavailable", message: "down", retryable: true } as const;

  it("a retriever's failure ends the episode and is recorded with the search", async () => {
    const policy = scriptedPolicy([search, answer]);
    const retriever = fixedRetriever(async () => fail(outage));
    const trajectory = await createEpisodeAgent({ prompt: "short-v1" }).run(
      question,
      policy,
      retriever,
      episodeOptions(),
    );
    checkTrajectory(trajectory, policy.tokenizer);
    expect(trajectory.outcome).toEqual({ type: "failed", failure: outage });
    expect(trajectory.turns).toHaveLength(1);
    expect(trajectory.turns[0]?.search).toMatchObject({ query: "insulin cells", hits: [], failure: outage });
  });

  it("a policy's failure ends the episode and keeps the turns before it", async () => {
    const gone = { boundary: "policy", code: "model-process-exited", message: "gone", retryable: true } as const;
    const trajectory = await play([search, async () => fail(gone)]);
    expect(trajectory.outcome).toEqual({ type: "failed", failure: gone });
    expect(trajectory.turns).toHaveLength(1);
    expect(trajectory.answer).toBeNull();
  });

  it("another policy version in the middle of an episode is a failure, never a mixed trajectory", async () => {
    const trajectory = await play([search, { text: answer, version: 1 }]);
    expect(trajectory.outcome).toMatchObject({
      type: "failed",
      failure: { boundary: "policy", code: "policy-switched" },
    });
    expect(trajectory.turns).toHaveLength(1);
  });

  it("the wall clock ends an episode whose policy ignores the signal", async () => {
    const never: ScriptedAction = () => new Promise(() => undefined);
    const trajectory = await play([search, never], episodeOptions({}, { timeoutMs: 50 }));
    expect(trajectory.outcome).toMatchObject({
      type: "failed",
      failure: { boundary: "timeout", code: "episode-timed-out" },
    });
    expect(trajectory.turns).toHaveLength(1);
  });

  it("the wall clock ends an episode whose retriever hangs", async () => {
    const retriever = fixedRetriever(() => new Promise(() => undefined));
    const policy = scriptedPolicy([search]);
    const trajectory = await createEpisodeAgent({ prompt: "short-v1" }).run(
      question,
      policy,
      retriever,
      episodeOptions({}, { timeoutMs: 50 }),
    );
    expect(trajectory.outcome).toMatchObject({ failure: { boundary: "timeout", code: "episode-timed-out" } });
    expect(trajectory.turns[0]?.search?.failure).toMatchObject({ code: "episode-timed-out" });
  });

  it("an abort ends it, before or within; late rejections of abandoned work are nobody's", async () => {
    const controller = new AbortController();
    const late: ScriptedAction = () =>
      new Promise((_resolve, reject) => {
        setTimeout(() => reject(new Error("too late")), 20);
        controller.abort();
      });
    const within = await play([search, late], episodeOptions({}, { signal: controller.signal }));
    expect(within.outcome).toMatchObject({ failure: { boundary: "timeout", code: "aborted" } });
    await new Promise((resolve) => setTimeout(resolve, 40));
    const policy = scriptedPolicy([answer]);
    const before = await createEpisodeAgent({ prompt: "short-v1" }).run(
      question,
      policy,
      fixedRetriever(hits),
      episodeOptions({}, { signal: AbortSignal.abort() }),
    );
    expect(before.outcome).toMatchObject({ failure: { boundary: "timeout", code: "aborted" } });
    expect(before.tokens).toEqual([]);
    expect(policy.requests).toEqual([]);
  });

  it("names the deadline, not the policy's own word for it", async () => {
    const polite: ScriptedAction = (_request, signal) =>
      new Promise((resolve) => {
        signal?.addEventListener("abort", () =>
          resolve(fail({ boundary: "timeout", code: "aborted", message: "", retryable: true })),
        );
      });
    const trajectory = await play([polite], episodeOptions({}, { timeoutMs: 30 }));
    expect(trajectory.outcome).toMatchObject({ failure: { code: "episode-timed-out" } });
  });

  it("lets bugs through, and releases the policy all the same", async () => {
    const cases: ScriptedAction[] = [
      async () => {
        throw new TypeError("a bug");
      },
      async () => succeed({ ...sampled, logProbs: [] }),
      async () => succeed({ ...sampled, tokens: [], logProbs: [] }),
    ];
    for (const bug of cases) {
      const policy = scriptedPolicy([search, bug]);
      const run = createEpisodeAgent({ prompt: "short-v1" }).run(
        question,
        policy,
        fixedRetriever(hits),
        episodeOptions(),
      );
      await expect(run).rejects.toSatisfy(
        (error) => error instanceof TypeError || (LitmusError.isInstance(error) && error.code === "bug"),
      );
      expect(policy.released).toHaveLength(1);
    }
  });
  const sampled = {
    tokens: [65],
    logProbs: [-1],
    stop: { type: "end-token", token: 65 } as const,
    policy: scriptedPolicy([]).identity(),
    usage: { prefilledTokens: 0, cachedTokens: 0, sampledTokens: 1 },
  };
});

describe("limits of the graph itself", () => {
  it("takes many more turns than the graph library's default limit of supersteps", async () => {
    const script = [...Array<string>(60).fill(search), answer];
    const trajectory = await play(script, episodeOptions({ maxTurns: 60, maxEpisodeTokens: 100_000 }));
    expect(trajectory.outcome).toEqual({ type: "stopped", reason: "completed" });
    expect(trajectory.turns).toHaveLength(61);
  });

  it("runs episodes at once without mixing them", async () => {
    const agent = createEpisodeAgent({ prompt: "short-v1" });
    const runs = Array.from({ length: 20 }, (_, i) =>
      agent.run(
        `Question ${i}?`,
        scriptedPolicy([search, `<answer>${i}</answer>`]),
        fixedRetriever(hits),
        episodeOptions(),
      ),
    );
    expect((await Promise.all(runs)).map(({ question: asked, answer: given }) => [asked, given])).toEqual(
      runs.map((_run, i) => [`Question ${i}?`, `${i}`]),
    );
  });
});

describe("events", () => {
  it("come in order, and the last carries the trajectory", async () => {
    const events: EpisodeEvent[] = [];
    const trajectory = await play(
      [search, "oops\n", answer],
      episodeOptions({}, { onEvent: (event) => void events.push(event) }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "episode-start",
      "turn-start",
      "action-end",
      "search-start",
      "search-end",
      "turn-end",
      "turn-start",
      "action-end",
      "turn-end",
      "turn-start",
      "action-end",
      "turn-end",
      "episode-end",
    ]);
    expect(events.at(-1)).toEqual({ type: "episode-end", trajectory });
    expect(events.flatMap((event) => (event.type === "turn-end" ? [event.turn] : []))).toEqual(trajectory.turns);
  });
});

describe("the one-search baseline", () => {
  it("searches the bare question, shows the results, and lets the policy complete the answer", async () => {
    const policy = scriptedPolicy([" beta cells</answer>"]);
    const retriever = fixedRetriever(hits);
    const events: string[] = [];
    const options = episodeOptions({}, { onEvent: (event) => void events.push(event.type) });
    const trajectory = await createEpisodeAgent({ prompt: "retrieval-augmented-v1" }).run(
      question,
      policy,
      retriever,
      options,
    );
    checkTrajectory(trajectory, policy.tokenizer);
    expect(retriever.queries).toEqual([question]);
    expect(trajectory.answer).toBe("beta cells");
    expect(trajectory.turns).toHaveLength(1);
    expect(trajectory.turns[0]).toMatchObject({
      actionText: " beta cells</answer>",
      action: { type: "answer" },
      search: { query: question },
    });
    expect(trajectory.turns[0]?.search?.hits).toHaveLength(2);
    expect(events).toEqual([
      "episode-start",
      "turn-start",
      "search-start",
      "search-end",
      "action-end",
      "turn-end",
      "episode-end",
    ]);
    expect(policy.tokenizer.decode(trajectory.tokens)).toMatch(
      /Retrieved scientific context:\n<information>\n.*\n<\/information>\n\nAnswer: <answer> beta cells<\/answer>$/s,
    );
  });

  it("may only answer", async () => {
    const policy = scriptedPolicy(["x</search><search>more</search>"]);
    const trajectory = await createEpisodeAgent({ prompt: "retrieval-augmented-v1" }).run(
      question,
      policy,
      fixedRetriever(hits),
      episodeOptions(),
    );
    expect(trajectory.outcome).toEqual({ type: "stopped", reason: "max_turns" });
  });
});

describe("settings", () => {
  it.each([
    [{ maxTurns: -1 }, "budgets.maxTurns"],
    [{ maxActionTokens: 0 }, "budgets.maxActionTokens"],
    [{ maxObservationTokens: 20 }, "budgets.maxObservationTokens"],
    [{ maxEpisodeTokens: 1.5 }, "budgets.maxEpisodeTokens"],
    [{ topK: Number.NaN }, "budgets.topK"],
  ])("refuses %j", async (budgets, path) => {
    await expect(play([answer], episodeOptions(budgets))).rejects.toMatchObject({ code: "invalid-config", path });
  });

  it("refuses a temperature below 0 and a time-out of 0", async () => {
    await expect(play([answer], episodeOptions({}, { temperature: -1 }))).rejects.toMatchObject({
      path: "temperature",
    });
    await expect(play([answer], episodeOptions({}, { timeoutMs: 0 }))).rejects.toMatchObject({ path: "timeoutMs" });
  });
});
