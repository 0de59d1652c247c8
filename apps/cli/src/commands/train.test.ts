import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@litmus/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus, startLitmus, type OutputLine } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { storedContent } from "../testing/stored-content.ts";

let experiment: ScriptedExperiment;
let unbroken: Awaited<ReturnType<typeof contentOf>>;
let unbrokenEnd: OutputLine;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
  const { exitCode, lines, stderr } = await train("unbroken");
  expect(exitCode, stderr).toBe(0);
  unbrokenEnd = lines.at(-1) as OutputLine;
  unbroken = await contentOf("unbroken");
});
afterAll(() => experiment.remove());

const folderOf = (name: string): string => join(experiment.folder, name);
const train = (name: string, setting?: Parameters<typeof startLitmus>[1]) =>
  runLitmus(["train", experiment.config, "--dir", folderOf(name)], { environment: experiment.environment, ...setting });

/** All that a run stored, apart from times. */
async function contentOf(name: string) {
  const store = await openStore({ directory: join(folderOf(name), "store") });
  try {
    return await storedContent(store, "small");
  } finally {
    await store.close();
  }
}

/** What the last line says, apart from what no two runs share. */
function resultOf(end: OutputLine): unknown {
  const steps = (end["steps"] as OutputLine[]).map(({ seconds: _seconds, ...step }) => step);
  return { type: end.type, runId: end["runId"], evaluations: end["evaluations"], gains: end["gains"], steps };
}

describe("litmus train, on the scripted engines", () => {
  it("ends with one line that holds the scores, the gains and the steps", async () => {
    expect(unbroken.status).toBe("finished");
    expect(Object.keys(unbrokenEnd).sort()).toEqual(
      ["downloadSeconds", "evaluations", "gains", "peakRssGiB", "report", "runId", "seconds", "steps", "type"].sort(),
    );
    const evaluations = unbrokenEnd["evaluations"] as OutputLine[];
    expect(evaluations.map(({ stage, step, split, n }) => [stage, step, split, n])).toEqual([
      ["base", 0, "test", 6],
      ["sft", 4, "test", 6],
      ["grpo", 3, "test", 6],
    ]);
    for (const { exactMatch, ci95, sampled } of evaluations) {
      const [low, high] = ci95 as [number, number];
      expect(low).toBeLessThanOrEqual(exactMatch as number);
      expect(high).toBeGreaterThanOrEqual(exactMatch as number);
      expect(sampled).toMatchObject({
        k: 2,
        exactMatch: expect.any(Number),
        ci95: [expect.any(Number), expect.any(Number)],
      });
    }
    expect((unbrokenEnd["steps"] as OutputLine[]).map(({ step }) => step)).toEqual([1, 2, 3]);
    const report = await readFile(unbrokenEnd["report"] as string, "utf8");
    expect(report).toMatch(/^<!doctype html>/i);
    expect(report).toContain("Nothing failed");
  });

  it("finished: says the same again, makes nothing, and starts another run only when told to", async () => {
    const again = await train("unbroken");
    expect(again.exitCode).toBe(0);
    expect(again.lines).toHaveLength(1);
    expect(resultOf(again.lines[0] as OutputLine)).toEqual(resultOf(unbrokenEnd));
    expect(await contentOf("unbroken")).toEqual(unbroken);
    const words = ["train", experiment.config, "--dir", folderOf("unbroken"), "--new"];
    const { lines } = await runLitmus(words, { environment: experiment.environment });
    expect(lines.at(-1)).toMatchObject({ type: "run-end", runId: "small-2" });
  });

  it("killed again and again: the same command goes on, and the whole equals an unbroken run", async () => {
    let kills = 0;
    for (const after of ["run-start", "evaluation-end", "sft-step", "checkpoint-saved", "stage-start", "step-end"]) {
      const { exitCode } = await train("killed", {
        onLine: (line, { kill }) => {
          if (line.type === after) kill("SIGKILL");
        },
      });
      if (exitCode === null) kills++;
    }
    const last = await train("killed");
    expect(last.exitCode, last.stderr).toBe(0);
    expect(kills).toBeGreaterThanOrEqual(4);
    expect(await contentOf("killed")).toEqual(unbroken);
    expect(resultOf(last.lines.at(-1) as OutputLine)).toEqual(resultOf(unbrokenEnd));
  });

  it("Ctrl-C: ends cleanly, says how to go on, and goes on", async () => {
    let asked = false;
    const stopped = await train("stopped", {
      onLine: (line, { kill }) => {
        // Once: a second one means "now".
        if (line.type === "checkpoint-saved" && !asked) kill("SIGINT");
        asked ||= line.type === "checkpoint-saved";
      },
    });
    expect(stopped.exitCode).toBe(130);
    expect(stopped.lines.at(-1)).toMatchObject({
      type: "error",
      code: "interrupted",
      hint: "the same command goes on from here",
    });
    expect((await contentOf("stopped")).status).toBe("interrupted");
    expect((await train("stopped")).exitCode).toBe(0);
    expect(await contentOf("stopped")).toEqual(unbroken);
  });

  it("changed: refuses to go on, and names the keys", async () => {
    const words = ["train", experiment.config, "--dir", folderOf("unbroken"), "--set", "seed=2"];
    const { exitCode, lines } = await runLitmus(words, { environment: experiment.environment });
    expect(exitCode).toBe(7);
    expect(lines.at(-1)).toMatchObject({ type: "error", code: "conflict", path: "seed", message: /seed: 1 → 2/ });
  });

  it("held by another process: refused, and the other goes on unharmed", async () => {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const first = startLitmus(["train", experiment.config, "--dir", folderOf("held")], {
      environment: experiment.environment,
      onLine: (line, { kill }) => {
        if (line.type !== "run-start") return;
        // It stops where it is, and its lock stays.
        kill("SIGSTOP");
        resolve();
      },
    });
    await reached;
    const second = await train("held");
    expect([second.exitCode, second.lines.at(-1)]).toEqual([7, expect.objectContaining({ code: "conflict" })]);
    first.kill("SIGCONT");
    const { exitCode } = await first.ended;
    expect(exitCode).toBe(0);
    expect(await contentOf("held")).toEqual(unbroken);
  });

  it("never takes the id of another experiment whose name ends in a number", async () => {
    const words = (config: string) => ["train", config, "--dir", folderOf("named"), "--new"];
    const ids: unknown[] = [];
    for (const config of [
      await experiment.variant("small-2", { name: "small-2" }),
      experiment.config,
      experiment.config,
    ]) {
      const { lines } = await runLitmus(words(config), { environment: experiment.environment });
      ids.push(lines.at(-1)?.["runId"]);
    }
    expect(ids).toEqual(["small-2", "small", "small-3"]);
  });
});

describe("litmus eval, on a finished run", () => {
  const evaluate = (...words: string[]) =>
    runLitmus(["eval", "small", "--dir", folderOf("unbroken"), ...words], { environment: experiment.environment });

  it("scores the version that was best on the run's own questions, and says on which it was chosen", async () => {
    const validated = await evaluate("--split", "validation");
    expect(validated.exitCode, validated.stderr).toBe(0);
    expect(validated.lines.at(-1)).toMatchObject({
      type: "evaluation",
      runId: "small",
      version: expect.any(Number),
      chosenOn: "test",
      split: "validation",
      result: expect.objectContaining({ n: 6, chosenOn: "test" }),
    });
    const flattered = await evaluate("--split", "test");
    expect(flattered.lines.at(-1)).toMatchObject({ split: "test", result: { chosenOn: "test" } });
    expect(flattered.lines.map(({ text }) => text)).toContainEqual(expect.stringMatching(/chosen on the same test/));
  });

  it("scores a named version with so many samples, and names those that there are", async () => {
    const { exitCode, stderr, lines } = await evaluate("--policy-version", "0", "--samples", "2");
    expect(exitCode, stderr).toBe(0);
    const { version, stage, result } = lines.at(-1) as unknown as {
      version: number;
      stage: string;
      result: { sampled: { k: number }; chosenOn?: string };
    };
    expect([version, stage, result.sampled.k, result.chosenOn]).toEqual([0, "eval-test-2", 2, undefined]);
    const missing = await evaluate("--policy-version", "99");
    expect([missing.exitCode, missing.lines.at(-1)?.["path"]]).toEqual([4, "--policy-version"]);
    expect(missing.lines.at(-1)?.["hint"]).toMatch(/versions are 0, 1/);
  });

  it("refuses overrides", async () => {
    const { exitCode, lines } = await evaluate("--set", "evaluation.questions=3");
    expect([exitCode, lines.at(-1)?.["path"]]).toEqual([2, "--set"]);
  });
});

describe("litmus compare", () => {
  const compare = (...words: string[]) =>
    runLitmus(["compare", ...words, "--dir", folderOf("unbroken")], { environment: experiment.environment });

  it("pairs two evaluations question by question, and counts who did better", async () => {
    const { exitCode, stderr, lines } = await compare("small:base", "small:grpo");
    expect(exitCode, stderr).toBe(0);
    const { comparisons } = lines.at(-1) as unknown as {
      comparisons: { measure: string; n: number; difference: number; won: number; lost: number }[];
    };
    const [greedy] = comparisons;
    expect(greedy?.measure).toBe("greedy");
    expect(greedy?.difference).toBeCloseTo((greedy!.won - greedy!.lost) / greedy!.n, 12);
    const same = await compare("small:grpo", "small:grpo");
    expect(same.lines.at(-1)).toMatchObject({ comparisons: [{ difference: 0, won: 0, lost: 0 }, {}] });
  });

  it("names the evaluations that there are where one is not", async () => {
    const { exitCode, lines } = await compare("small", "small:grpo:99");
    expect(exitCode).toBe(4);
    expect(lines.at(-1)?.["hint"]).toContain("small:base:0");
  });
});
