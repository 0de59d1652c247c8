import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { policyVersion, runId, sha256, type CheckpointRecord, type RunRecord } from "@litmus/core";
import { buildRun } from "@litmus/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeScriptedExperiment, type ScriptedExperiment } from "../../testing/scripted-experiment.ts";
import { folderPolicies } from "./folder-policies.ts";

let experiment: ScriptedExperiment;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
});
afterAll(() => experiment.remove());

const names = ["damaged", "whole", "no-yaml", "of-another-version"];
const runs: readonly RunRecord[] = names.map((name) => buildRun({ id: runId(name), status: "finished" }));
const checkpointOf = (id: RunRecord["id"]): CheckpointRecord => ({
  runId: id,
  stage: "grpo",
  step: 3,
  state: {
    version: policyVersion(3),
    adapterPath: "adapters/adapter-v0003.gguf",
    adapterSha256: sha256("adapter"),
    optimizerPath: "adapters/optimizer-v0003.gguf",
    optimizerSha256: sha256("optimizer"),
    updates: 3,
  },
  parentSha256: null,
  createdAt: "2026-01-01T00:00:00.000Z",
});

it("leaves out the policies of a config that is damaged, says why, and offers the others", async () => {
  const directory = join(experiment.folder, "runs");
  for (const name of names) await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, "damaged", "config.yaml"), "name: damaged\nstages: none\n");
  await copyFile(experiment.config, join(directory, "whole", "config.yaml"));
  await writeFile(join(directory, "no-yaml", "config.yaml"), "{");
  await copyFile(
    await experiment.variant("other", { keyOfAnotherVersion: 1 }),
    join(directory, "of-another-version", "config.yaml"),
  );
  const told: string[] = [];
  const policies = await folderPolicies({
    store: { runs: async () => runs, checkpoints: async (id) => [checkpointOf(id)], evaluations: async () => [] },
    directory,
    onDamaged: (message) => told.push(message),
  });
  expect(policies.map(({ option }) => option.id)).toEqual(["whole:3", "base"]);
  expect(policies.at(-1)?.configPath).toBe(join(directory, "whole", "config.yaml"));
  expect(told.toSorted()).toEqual([
    expect.stringMatching(/damaged.config\.yaml: .*stages/s),
    expect.stringMatching(/no-yaml.config\.yaml: .*not valid YAML/s),
    expect.stringMatching(/of-another-version.config\.yaml: .*keyOfAnotherVersion/s),
  ]);
});
