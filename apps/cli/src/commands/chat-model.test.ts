import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeChatModelModule } from "../testing/chat-model-module.ts";
import { runLitmus, type OutputLine } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";

/** @file A chat model that the user brings as a module: asked, evaluated, compared; refused for training. */

const question = "Which gene is mutated in cystic fibrosis?";
let experiment: ScriptedExperiment;
let config: string;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
  const module = await writeChatModelModule(experiment.folder);
  config = await experiment.variant("chat", {
    name: "chat",
    model: { name: "some-model", licence: "terms of its provider" },
    agent: undefined,
    trainer: undefined,
    stages: undefined,
    policy: { engine: "chat", module, slots: 4 },
    evaluation: { questions: 6 },
  });
});
afterAll(() => experiment.remove());

const litmus = (...words: string[]) =>
  runLitmus([...words, "--dir", join(experiment.folder, "runs")], { environment: experiment.environment });
const set = (...values: string[]): string[] => values.flatMap((value) => ["--set", value]);
const evaluate = (...values: string[]) => litmus("eval", config, ...set(...values));

/** The last line of a command that must succeed. */
async function lastOf(ended: ReturnType<typeof litmus>): Promise<OutputLine> {
  const { exitCode, lines, stderr } = await ended;
  expect(exitCode, stderr).toBe(0);
  return lines.at(-1) as OutputLine;
}

describe("a chat model", () => {
  it("is asked by `litmus ask` where its file is named, also beside a trained run, which else would answer", async () => {
    const short = "stages=[{type: sft, steps: 1, batch: 1, optimizer: {learningRate: 0.1}}]";
    const small = set(short, "evaluation={questions: 1, sampled: null, base: false}");
    await lastOf(litmus("train", experiment.config, ...small));
    const { stderr } = await litmus("ask", question);
    expect(stderr).toContain("of run small");
    const line = await lastOf(litmus("ask", question, "--config", config));
    expect(line).toMatchObject({
      type: "answer",
      answer: "CFTR",
      citations: [{ id: "LM0062", kind: "cited" }],
      turns: 2,
      stopReason: "completed",
      usage: { prefilledTokens: 200, sampledTokens: 20, searches: 1 },
    });
  });

  it("is found by `litmus ask` and `litmus doctor` in the folder they run in, as by `litmus eval`", async () => {
    const here = { environment: experiment.environment, folder: experiment.folder };
    expect(await lastOf(runLitmus(["ask", question, "--config", "chat.yaml"], here))).toMatchObject({ answer: "CFTR" });
    const { lines } = await runLitmus(["doctor", "--config", "chat.yaml"], here);
    expect(lines[0]?.["findings"]).toContainEqual(
      expect.objectContaining({ name: "model", message: expect.stringContaining("gives the chat model some-model") }),
    );
    const { lines: withoutOne } = await runLitmus(["doctor"], here);
    expect(withoutOne[0]?.["findings"]).toContainEqual(
      expect.objectContaining({ name: "experiment", message: expect.stringMatching(/^quickstart: /) }),
    );
  });

  it("is evaluated by `litmus eval` in both protocols, with the same scores, and compared with another", async () => {
    const inCalls = await lastOf(evaluate());
    const inTags = await lastOf(evaluate("policy.protocol=tags", "policy.export=plain", "name=tags"));
    expect(inCalls).toMatchObject({ type: "run-end", runId: "chat-base", gains: [], steps: [] });
    expect((inCalls["evaluations"] as OutputLine[])[0]).toMatchObject({ stage: "base", n: 6, sampled: null });
    expect(inTags["evaluations"]).toEqual(inCalls["evaluations"]);
    const comparison = await lastOf(litmus("compare", "chat-base", "tags-base"));
    expect(comparison["comparisons"]).toMatchObject([{ measure: "greedy", n: 6, difference: 0, won: 0, lost: 0 }]);
    const report = await readFile(inCalls["report"] as string, "utf8");
    expect(report).toContain("The policy is a chat model that is known by its name alone");
    expect(report).toContain("&lt;search&gt;");
  });

  it("is found again by its run: on other questions, and to be asked", async () => {
    const line = await lastOf(litmus("eval", "chat-base", "--split", "validation"));
    expect(line).toMatchObject({ type: "evaluation", runId: "chat-base", version: 0, stage: "eval-validation" });
    expect(await lastOf(litmus("ask", question, "--run", "chat-base"))).toMatchObject({ answer: "CFTR" });
  });

  it("is sampled where a function makes it for a temperature", async () => {
    const words = set("name=sampled", "policy.protocol=tags", "policy.export=make");
    const line = await lastOf(litmus("eval", config, "--samples", "2", ...words));
    expect((line["evaluations"] as OutputLine[])[0]).toMatchObject({ sampled: { k: 2 } });
  });
});

describe("a chat model that fails", () => {
  it("does not end: its episodes are failures, of which too many stop the run", async () => {
    const { exitCode, lines } = await evaluate("policy.export=hanging", "agent.timeoutMs=300", "name=hangs");
    expect(exitCode).toBe(6);
    expect(lines.at(-1)).toMatchObject({
      code: "gate-failed",
      message: expect.stringContaining("timeout/episode-timed-out") as string,
    });
  });

  it("is told to who asks, with where the episode is kept", async () => {
    const dry = await lastOf(litmus("train", config, "--dry-run", ...set("policy.export=throwing")));
    expect(dry).toMatchObject({ fetches: [], config: { trainer: { engine: "none" }, stages: [] } });
    const failing = await experiment.variant("failing", dry["config"] as Record<string, unknown>);
    const { exitCode, lines } = await litmus("ask", question, "--config", failing);
    expect(exitCode).toBe(3);
    expect(lines.at(-1)).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("wrong key") as string,
    });
  });
});

describe("a run with a chat model", () => {
  it("does not go on with another module", async () => {
    await lastOf(evaluate("name=changed"));
    await appendFile(join(experiment.folder, "my-model.mjs"), "// another\n");
    const { exitCode, lines } = await litmus("eval", "changed-base");
    expect([exitCode, lines.at(-1)]).toMatchObject([7, { code: "conflict", path: "module" }]);
  });
});
