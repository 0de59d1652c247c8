import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { mutations } from "./mutations.ts";

/** @file The tests of the learning find every one of these defects. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

describe("mutations of the source", () => {
  it.each(mutations)("$name: a test fails", ({ name, file, from }) => {
    expect(readFileSync(`${root}${file}`, "utf8").split(from)).toHaveLength(2);
    const run = spawnSync(process.execPath, [vitest, "run", "--config", "scripts/mutations/vitest.config.ts"], {
      cwd: root,
      env: { ...process.env, LITMUS_MUTATION: name, VITEST: undefined },
      encoding: "utf8",
    });
    // Not a test that could not start: a test that ran, and failed.
    const failed = Number(/\d+ passed, (\d+) failed/.exec(run.stdout)?.[1]);
    expect(failed, `${run.stdout}${run.stderr}`).toBeGreaterThan(0);
  });
});
