import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** @file Runs the examples as a reader would: each in a process of its own. */

const run = promisify(execFile);
const flags = ["--disable-warning=ExperimentalWarning"];

it.each(["ask-with-scripted-policy", "ask-with-chat-model"])("%s", async (name) => {
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { stdout, stderr } = await run(process.execPath, [...flags, path]);
  expect(stdout.split("\n")).toEqual([
    "searched: gene mutated in cystic fibrosis",
    "answer: CFTR",
    "EX1 (cited): Cystic fibrosis and the CFTR gene",
    "",
  ]);
  expect(stderr).toBe("");
});
