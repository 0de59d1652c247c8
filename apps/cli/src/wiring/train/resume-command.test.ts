import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runId } from "@litmus/core";
import { expect, it } from "vitest";
import { commandOf, readResumeCommand, resumeCommand, resumeLine } from "./resume-command.ts";

it("spells a command so that a shell reads the same words", () => {
  const words = ["train", "my configs/it's.yaml", "--set", "stages=[{ type: sft }]", "name=$HOME"];
  const shown = commandOf(words);
  expect(shown).toMatch(/^npx litmus train 'my configs/);
  const { stdout } = spawnSync("sh", ["-c", shown.replace("npx litmus", String.raw`printf '%s\n'`)]);
  expect(stdout.toString().trimEnd().split("\n")).toEqual(words);
});

it("names the run of an evaluation, and ends with what --set takes", () => {
  const set = ["seed=2", "name=a b"];
  expect(resumeCommand("eval", "a.yaml", { dir: "mine", set, split: "validation", samples: 0 })).toBe(
    "npx litmus eval a.yaml --dir mine --split validation --samples 0 --set seed=2 'name=a b'",
  );
  expect(resumeCommand("train", "a.yaml", { dir: "runs", set: [] })).toBe("npx litmus train a.yaml");
});

it("is read from beside the run's files, and null where nothing says it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "litmus-resume-"));
  const write = async (id: string, text: string): Promise<void> => {
    await mkdir(join(folder, id));
    await writeFile(join(folder, id, "config.yaml"), text);
  };
  await write("named", `${resumeLine(commandOf(["train", "a.yaml"]))}name: a\n`);
  await write("older", "name: a\n");
  expect(await readResumeCommand(folder, runId("named"))).toBe("npx litmus train a.yaml");
  expect(await readResumeCommand(folder, runId("older"))).toBeNull();
  expect(await readResumeCommand(folder, runId("absent"))).toBeNull();
  await rm(folder, { recursive: true });
});
