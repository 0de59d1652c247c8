import { mkdirSync, mkdtempSync, renameSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLock } from "@litmus/store";
import { expect, it } from "vitest";
import { holdStore } from "./hold-store.ts";

it("closes its server and gives the folder free although the lock cannot be written, and says so", async () => {
  const directory = mkdtempSync(join(tmpdir(), "litmus-hold-"));
  const [lock, aside] = [join(directory, "store.lock"), join(directory, "store.lock.aside")];
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    rmdirSync(lock);
    renameSync(aside, lock);
  };
  const store = await holdStore(directory, { note });
  const address = (await readLock(directory))?.address;
  expect((await fetch(`${address}/store/runs`)).status).toBe(200);
  // A folder in its place: nothing can be renamed over it.
  renameSync(lock, aside);
  mkdirSync(lock);
  await store.close();
  expect(notes).toEqual([expect.stringContaining("still names this process's address")]);
  await expect(fetch(`${address}/store/runs`)).rejects.toThrow();
  expect(await readLock(directory)).toBeNull();
});
