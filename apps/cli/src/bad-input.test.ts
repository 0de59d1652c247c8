import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus, type OutputLine } from "./testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "./testing/scripted-experiment.ts";

/** @file What goes wrong before anything runs: each says what, where and what to do, and has the exit code of its kind. */

let experiment: ScriptedExperiment;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
});
afterAll(() => experiment.remove());

const runs = (): string => join(experiment.folder, "runs");
const litmus = (...words: string[]) => runLitmus(words, { environment: experiment.environment });

/** The exit code and the error, which is the last line and is told to people too, with a hint. */
async function refusal(...words: string[]): Promise<readonly [exitCode: number | null, error: OutputLine]> {
  const { exitCode, lines, stderr } = await litmus(...words);
  const error = lines.at(-1) as OutputLine;
  expect(error?.type, stderr).toBe("error");
  expect(String(error["hint"])).not.toBe("undefined");
  expect(stderr).toContain(String(error["message"]).split("\n")[0]);
  expect(stderr).toContain(`what to do: ${String(error["hint"])}`);
  expect(stderr, "a stack is for bugs").not.toMatch(/\n\s+at /);
  return [exitCode, error];
}

describe("litmus refuses", () => {
  it("an unknown key, with the nearest one", async () => {
    const [exitCode, error] = await refusal(
      "train",
      experiment.config,
      "--dir",
      runs(),
      "--set",
      "stages.1.groupSze=4",
    );
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: "invalid-config", path: "stages.1.groupSze" });
    expect(JSON.stringify(error)).toContain("groupSize");
  });

  it("a contradiction, with its place", async () => {
    const [exitCode, error] = await refusal("train", experiment.config, "--set", "trainer.engine=local");
    expect([exitCode, error["path"]]).toEqual([2, "trainer.engine"]);
  });

  it("an experiment file that is not there, or no YAML", async () => {
    const missing = join(experiment.folder, "none.yaml");
    const [exitCode, error] = await refusal("train", missing);
    expect([exitCode, error["path"]]).toEqual([4, missing]);
    const broken = join(experiment.folder, "broken.yaml");
    await writeFile(broken, "name: [");
    expect((await refusal("train", broken))[0]).toBe(2);
  });

  it("a model that is not in the cache when nothing may be fetched", async () => {
    const words = ["train", "configs/quickstart.yaml", "--dir", runs()];
    const [exitCode, error] = await refusal(...words);
    expect(exitCode).toBe(3);
    expect(error["message"]).toMatch(/the model a5fd3b62230a was not found[^]*not tried: offline/);
    expect(error["hint"]).toMatch(/allow fetching once, or: /);
  });

  it("a folder that cannot be made", async () => {
    const file = join(experiment.folder, "file");
    await writeFile(file, "");
    const [exitCode, error] = await refusal("train", experiment.config, "--dir", join(file, "runs"));
    expect(exitCode).toBe(3);
    expect(error["message"]).toContain(file);
  });

  it("an empty set of questions, and an empty corpus", async () => {
    const empty = join(experiment.folder, "empty.jsonl");
    await writeFile(empty, "");
    const problems = { type: "files", train: empty, validation: empty, test: empty };
    const [exitCode, error] = await refusal(
      "train",
      await experiment.variant("no-problems", { problems }),
      "--dir",
      runs(),
    );
    expect([exitCode, error["code"]]).toEqual([2, "invalid-data"]);
    const corpus = { name: "empty", path: empty, idSpace: "own" };
    const [code, other] = await refusal("train", await experiment.variant("no-corpus", { corpus }), "--dir", runs());
    expect([code, other["code"]]).toEqual([2, "invalid-data"]);
  });

  it("a data file with a damaged line, with its number", async () => {
    const path = join(experiment.folder, "damaged.jsonl");
    await writeFile(path, '{"id":"A","title":"t","abstract":"a"}\n{"id":"B","title":\n');
    const corpus = { name: "damaged", path, idSpace: "own" };
    const [exitCode, error] = await refusal("train", await experiment.variant("damaged", { corpus }), "--dir", runs());
    expect(exitCode).toBe(2);
    expect(JSON.stringify(error)).toMatch(/damaged\.jsonl:2/);
  });

  it("a question of 100,000 characters", async () => {
    const words = ["ask", "gene ".repeat(20_000), "--config", experiment.config, "--dir", runs()];
    const [exitCode, error] = await refusal(...words);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: "invalid-input", path: "question" });
    expect(error["message"]).toContain("100000 characters");
  });

  it("a run, a folder of runs or an index that is not there", async () => {
    expect((await refusal("runs", "--dir", join(experiment.folder, "nothing")))[0]).toBe(4);
    expect((await refusal("index", "info", join(experiment.folder, "nothing")))[0]).toBe(4);
    expect((await refusal("eval", "no-such-run", "--dir", join(experiment.folder, "nothing")))[0]).toBe(4);
  });
});
