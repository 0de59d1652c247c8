import { join } from "node:path";
import { createApiClient } from "@litmus/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus, type OutputLine } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startTraining } from "../testing/start-training.ts";

let experiment: ScriptedExperiment;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
});
afterAll(() => experiment.remove());

const litmus = (...words: string[]) =>
  runLitmus([...words, "--dir", join(experiment.folder, "runs")], { environment: experiment.environment });

describe("litmus ask", () => {
  it("prints one line: answer, citations, turns, stop reason, usage and where the trajectory is", async () => {
    const { exitCode, lines, stderr } = await litmus(
      "ask",
      "Which gene is mutated in cystic fibrosis?",
      "--config",
      experiment.config,
    );
    expect(exitCode, stderr).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual({
      type: "answer",
      answer: expect.any(String),
      citations: expect.any(Array),
      turns: expect.any(Number),
      stopReason: "completed",
      usage: expect.objectContaining({ sampledTokens: expect.any(Number), searches: expect.any(Number) }),
      trajectoryId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const [answer] = lines as [OutputLine];
    for (const citation of answer["citations"] as unknown[])
      expect(citation).toEqual({
        id: expect.stringMatching(/^LM/),
        title: expect.any(String),
        kind: expect.stringMatching(/^(cited|matched)$/),
      });
    expect(stderr).toContain("never for clinical advice");
  });

  it("asks the process that trains in the folder, and prints as much as it does alone", async () => {
    const config = await experiment.variant("slow", {
      name: "slow",
      policy: { engine: "scripted", slots: 1, contextTokens: 1100, latencyMs: 100 },
    });
    const { environment } = experiment;
    const folder = join(experiment.folder, "training");
    const { running, address, token, told } = await startTraining({ config, folder, environment });
    await told(({ type }) => type === "stage-start");
    // Held up, so that it still trains when it is asked.
    await createApiClient({ baseUrl: address, token: () => token }).control("slow", "pause");
    const here = ["--dir", folder];
    const { exitCode, lines, stderr } = await runLitmus(["ask", "What does insulin do?", ...here], { environment });
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain("answering with");
    expect(lines).toEqual([
      expect.objectContaining({
        type: "answer",
        stopReason: "completed",
        usage: {
          prefilledTokens: expect.any(Number),
          cachedTokens: expect.any(Number),
          sampledTokens: expect.any(Number),
          searches: expect.any(Number),
        },
      }),
    ]);
    const citations = lines[0]?.["citations"] as unknown[];
    expect(citations).not.toEqual([]);
    for (const citation of citations)
      expect(citation).toMatchObject({
        id: expect.stringMatching(/^LM/),
        kind: expect.stringMatching(/^(cited|matched)$/),
      });
    running.kill("SIGINT");
    expect((await running.ended).exitCode).toBe(130);
  });

  it("keeps what was asked: `litmus runs ask` lists it", async () => {
    const asked = await litmus("ask", "What does insulin do?", "--config", experiment.config);
    const { exitCode, lines, stderr } = await litmus("runs", "ask");
    expect(exitCode, stderr).toBe(0);
    expect(lines).toHaveLength(1);
    const [line] = lines as [OutputLine];
    expect(line).toMatchObject({ type: "asked", runId: "ask" });
    expect((line["questions"] as unknown[]).at(-1)).toEqual({
      question: "What does insulin do?",
      answer: asked.lines[0]?.["answer"],
      stopReason: "completed",
      trajectoryId: asked.lines[0]?.["trajectoryId"],
    });
  });
});
