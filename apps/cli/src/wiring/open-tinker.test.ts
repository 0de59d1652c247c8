import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { serveFake, type FakeServerOptions } from "@litmus/tinker/testing";
import { loadConfig } from "@litmus/experiment";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { runLitmus, type Ended } from "../testing/run-litmus.ts";
import { makeTinkerExperiment, type TinkerExperiment } from "../testing/tinker-experiment.ts";
import { checkTinker } from "./open-tinker.ts";

let experiment: TinkerExperiment;
beforeAll(async () => {
  experiment = await makeTinkerExperiment();
});
afterAll(() => experiment.remove());

/** `litmus train` beside a server of its own. */
async function train(name: string, options: Partial<FakeServerOptions>) {
  const fake = experiment.fake(options);
  await using served = await serveFake(fake);
  const environment = { ...experiment.environment, LITMUS_TINKER_URL: served.url };
  const words = ["train", experiment.config, "--dir", join(experiment.folder, name)];
  const ended: Ended = await runLitmus(words, { environment });
  return { fake, ended, error: ended.lines.find(({ type }) => type === "error") };
}

describe("litmus train with a Tinker server", () => {
  it("tries the server, samples and trains on it, and leaves no model behind", async () => {
    const { fake, ended } = await train("whole", { form: "protobuf", maxModels: 4 });
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.lines.find(({ type }) => type === "note")).toMatchObject({
      text: expect.stringContaining("the Tinker server holds 4 models of gemma"),
    });
    expect(ended.lines.find(({ type }) => type === "step-end")).toMatchObject({ step: 1, updates: 2 });
    // Two of the probe, two of the step.
    expect(fake.calls.filter((path) => path === "/optim_step")).toHaveLength(4);
    expect(fake.droppedFields).toEqual([]);
    expect(fake.modelCount).toBe(0);
  });

  it.each<[what: string, Partial<FakeServerOptions>, path: string, message: string]>([
    ["serves another base", { baseModel: "qwen" }, "baseModel", "serves qwen, not gemma"],
    ["holds too few models", { maxModels: 3 }, "trainer", "refused model 4 of the 4"],
    ["scores otherwise than it samples", { samplerShiftNats: 0.5 }, "limits.samplerTrainerKl", "as another policy's"],
  ])("refuses one that %s, before anything is fetched or trained", async (name, options, path, message) => {
    const { fake, ended, error } = await train(name.replaceAll(" ", "-"), options);
    expect(ended.exitCode, ended.stderr).not.toBe(0);
    expect(error).toMatchObject({ code: "incompatible", path, message: expect.stringContaining(message) });
    expect(fake.modelCount).toBe(0);
    const files = await readdir(join(experiment.folder, name.replaceAll(" ", "-")));
    expect(files, "no run was registered").toEqual(["store"]);
  });
});

describe("the note on what a Tinker server was tried for", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ["names the workers' models, which it leaves out", ["queue={engine: bullmq}", "store={engine: postgres}"], true],
    ["says nothing of them where one process samples", [], false],
  ])("%s", async (_, overrides, isNamed) => {
    await using served = await serveFake(experiment.fake({ maxModels: 4 }));
    vi.stubEnv("LITMUS_TINKER_URL", served.url);
    const { config } = await loadConfig(experiment.config, overrides);
    const notes: string[] = [];
    await checkTinker(config, { note: (text) => void notes.push(text) });
    expect(notes).toHaveLength(1);
    expect(notes[0]?.includes("each worker holds up to two models more")).toBe(isNamed);
  });
});
