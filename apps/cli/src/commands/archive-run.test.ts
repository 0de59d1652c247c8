import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runId } from "@litmus/core";
import { openStore } from "@litmus/store";
import { buildProblem, buildRun, buildStoredTrajectory } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus } from "../testing/run-litmus.ts";

const id = runId("old");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-archive-"));
  const store = await openStore({ directory: join(folder, "store") });
  await store.saveRun(buildRun({ id, status: "finished" }));
  await store.saveProblems(id, "train", [buildProblem()]);
  await store.saveTrajectories([0, 1].map((member) => buildStoredTrajectory({ key: { runId: id, member } })));
  await store.saveRun(buildRun({ id: runId("young"), status: "interrupted" }));
  await store.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const archive = (run: string, file: string, ...words: string[]) =>
  runLitmus(["runs", "archive", run, join(folder, file), "--dir", folder, ...words]);

describe("litmus runs archive", () => {
  it("writes the file, and takes the trajectories out of the folder that is named, once the file is whole", async () => {
    const kept = await archive("old", "kept.jsonl.gz");
    expect(kept.lines.at(-1), kept.stderr).toMatchObject({ type: "archived", trajectories: 2, removed: 0 });
    const removed = await archive("old", "removed.jsonl.gz", "--remove");
    expect(removed.lines.at(-1), removed.stderr).toMatchObject({ type: "archived", trajectories: 2, removed: 2 });
    expect((await stat(join(folder, "removed.jsonl.gz"))).size).toBeGreaterThan(100);
    const again = await archive("old", "again.jsonl.gz");
    expect(again.lines.at(-1)).toMatchObject({ trajectories: 0 });
  });

  it("takes nothing from a run that is to go on", async () => {
    const { exitCode, stderr } = await archive("young", "young.jsonl.gz", "--remove");
    expect(exitCode).toBe(7);
    expect(stderr).toContain("it needs its trajectories");
  });
});
