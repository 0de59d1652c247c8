import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { newBuildFolder, removeAbandonedBuilds } from "./build-folders.ts";

it("removes what ended processes left, and leaves what may be under way", async () => {
  const root = await mkdtemp(join(tmpdir(), "litmus-builds-"));
  const dist = join(root, "dist");
  const { pid: ended } = spawnSync(process.execPath, ["--version"]);
  const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  const own = basename(newBuildFolder(dist));
  const kept = ["dist", "dist-report", own, `dist.${ended}@another.machine@${id}`, `dist.${id}`, "distant"];
  const old = [`dist.1@another.machine@${id}`, `dist.${id.replace("0", "1")}`];
  for (const name of [...kept, ...old, `dist.${ended}@${hostname()}@${id}`])
    await mkdir(join(root, name, "assets"), { recursive: true });
  for (const name of old) await utimes(join(root, name), 1, 1);
  await removeAbandonedBuilds(dist);
  expect(await readdir(root)).toEqual(kept.toSorted());
  await rm(root, { recursive: true });
});
