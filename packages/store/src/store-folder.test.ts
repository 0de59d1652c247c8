import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LitmusError } from "@litmus/core";
import { buildRun, buildStoredTrajectory } from "@litmus/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { openStore } from "./open-store.ts";
import { readLock } from "./store-lock.ts";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "litmus-folder-"));
const entry = buildStoredTrajectory();
/** A store with one trajectory, to be copied. */
let made: string;

beforeAll(async () => {
  made = join(newFolder(), "new", "store");
  const store = await openStore({ directory: made });
  await store.saveRun(buildRun());
  await store.saveTrajectories([entry]);
  await store.close();
});

function copyOfMade(): string {
  const directory = newFolder();
  cpSync(made, directory, { recursive: true });
  return directory;
}

async function refusal(directory: string): Promise<LitmusError> {
  const before = existsSync(directory) ? readdirSync(directory) : [];
  const thrown = await openStore({ directory }).then(
    () => null,
    (error: unknown) => error as LitmusError,
  );
  expect(thrown, "it opened").not.toBeNull();
  expect(existsSync(directory) ? readdirSync(directory) : []).toEqual(before);
  return thrown!;
}

describe("store folder", () => {
  it("keeps what was stored, in a folder that names its format", async () => {
    expect(readdirSync(made)).toEqual(["data"]);
    expect(JSON.parse(readFileSync(join(made, "data", "store.json"), "utf8"))).toEqual({
      formatVersion: 1,
      createdBy: "litmus",
    });
    const store = await openStore({ directory: copyOfMade() });
    expect(await store.trajectory(entry.id)).toEqual(entry);
    expect(await store.saveTrajectories([entry])).toEqual(["exists"]);
    await store.close();
  });

  it("is held by one process at a time, and its lock carries the address", async () => {
    const directory = copyOfMade();
    const store = await openStore({ directory });
    await store.tellServer({ address: "http://127.0.0.1:4000", token: null });
    expect(await readLock(directory)).toMatchObject({ pid: process.pid, address: "http://127.0.0.1:4000" });
    const error = await refusal(directory);
    expect(error).toMatchObject({ code: "conflict", hint: expect.stringContaining("wait") });
    expect(error.message).toContain(String(process.pid));
    expect(error.message).toContain("http://127.0.0.1:4000");
    await store.close();
    expect(await readLock(directory)).toBeNull();
    await (await openStore({ directory })).close();
  });

  it("closes once the calls under way are done, and refuses later ones", async () => {
    const store = await openStore({ directory: copyOfMade() });
    const saving = Array.from({ length: 10 }, (_, member) =>
      store.saveTrajectories([buildStoredTrajectory({ key: { member: member + 1 } })]),
    );
    expect(store.stopped.aborted).toBe(false);
    const closing = [store.close(), store.close()];
    expect((await Promise.all(saving)).flat()).toEqual(Array.from({ length: 10 }, () => "stored"));
    await Promise.all(closing);
    expect(store.stopped.aborted).toBe(true);
    await expect(store.runs()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("refuses a folder that holds something else, and leaves it alone", async () => {
    const strangers = newFolder();
    writeFileSync(join(strangers, "thesis.txt"), "");
    expect(await refusal(strangers)).toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("thesis.txt"),
    });
    const postgres = newFolder();
    mkdirSync(join(postgres, "base"));
    writeFileSync(join(postgres, "PG_VERSION"), "18\n");
    expect((await refusal(postgres)).code).toBe("incompatible");
    const halfCopied = newFolder();
    mkdirSync(join(halfCopied, "data"));
    expect((await refusal(halfCopied)).code).toBe("incompatible");
  });

  it("refuses another format, and a damaged store.json", async () => {
    const directory = copyOfMade();
    const manifest = join(directory, "data", "store.json");
    writeFileSync(manifest, JSON.stringify({ formatVersion: 2, createdBy: "litmus 9" }));
    expect(await refusal(directory)).toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("litmus 9"),
    });
    writeFileSync(manifest, "{");
    expect((await refusal(directory)).code).toBe("corrupt-file");
  });

  it("makes anew what a killed first start left", async () => {
    const directory = newFolder();
    mkdirSync(join(directory, "data.new", "postgres", "base"), { recursive: true });
    writeFileSync(join(directory, "data.new", "postgres", "PG_VERSION"), "18\n");
    const store = await openStore({ directory });
    expect(await store.runs()).toEqual([]);
    await store.close();
    expect(readdirSync(directory)).toEqual(["data"]);
  });

  it("says so when its database has lost a file", async () => {
    const directory = copyOfMade();
    rmSync(join(directory, "data", "postgres", "global"), { recursive: true });
    const error = await refusal(directory);
    expect(["unavailable", "corrupt-file"]).toContain(error.code);
    expect(error.message).toContain(directory);
  });

  it("stops when its database gives up, rather than hang", async () => {
    const directory = copyOfMade();
    const journal = join(directory, "data", "postgres", "pg_wal");
    const store = await openStore({ directory });
    // Postgres cannot begin another segment of its journal, and panics in the middle of a commit.
    rmSync(journal, { recursive: true });
    const evaluation = { runId: entry.key.runId, stage: "rl", split: "test", result: "" };
    const writes = Array.from({ length: 40 }, async (_, step) => {
      const noise = Array.from({ length: 10_000 }, (_unused, i) => Math.sin(i + step));
      await store.saveEvaluation({ ...evaluation, step, result: noise });
    });
    const failed = (await Promise.allSettled(writes)).filter((write) => write.status === "rejected");
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed)
      expect(reason).toMatchObject({ code: "unavailable", message: expect.stringContaining("pg_wal") });
    await expect(store.runs()).rejects.toMatchObject({ code: "unavailable" });
    expect(store.stopped.reason).toMatchObject({ code: "unavailable", message: expect.stringContaining("pg_wal") });
    await store.close();
    expect(await readLock(directory)).toBeNull();
  });

  it("says that a path is no folder", async () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    for (const directory of [file, join(file, "below")]) {
      const error = (await openStore({ directory }).catch((thrown: unknown) => thrown)) as LitmusError;
      expect(error).toMatchObject({
        code: "unavailable",
        message: expect.stringContaining(directory),
        hint: expect.stringContaining("write"),
      });
    }
  });

  it("says that a folder may not be written to", async ({ skip }) => {
    const isRoot = process.getuid?.() === 0;
    if (process.platform === "win32") skip("no such permissions on Windows");
    const parent = newFolder();
    const directory = join(parent, "store");
    mkdirSync(directory, { mode: 0o555 });
    spawnSync("chmod", ["755", parent]);
    const code = `
      const { openStore } = await import(${JSON.stringify(new URL("./open-store.ts", import.meta.url).href)});
      ${isRoot ? "process.setuid(65534);" : ""}
      await openStore({ directory: ${JSON.stringify(directory)} }).catch((error) => process.stdout.write(JSON.stringify(error)));`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
    expect(JSON.parse(child.stdout)).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(directory),
      hint: "name a folder that you may write to",
    });
  });
});
