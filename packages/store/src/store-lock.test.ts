import { spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@litmus/core";
import type { LitmusError } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { isRunning, thisProcess } from "./process-identity.ts";
import { acquireLock, readLock } from "./store-lock.ts";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "litmus-lock-"));

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

function writeLock(directory: string, fields: object): void {
  const lock = { ...thisProcess(), nonce: "n", address: null, ...fields };
  writeFileSync(join(directory, "store.lock"), JSON.stringify(lock));
}

describe("store lock", () => {
  it("is held by one, with its address, until it is released", async () => {
    const directory = newFolder();
    expect(await readLock(directory)).toBeNull();
    const held = await acquireLock(directory);
    const holder = { host: hostname(), pid: process.pid, address: null, token: null, yields: false };
    expect(await readLock(directory)).toEqual(holder);
    held.updateServer({ address: "http://127.0.0.1:4000", token: "secret" });
    expect(await readLock(directory)).toEqual({ ...holder, address: "http://127.0.0.1:4000", token: "secret" });
    expect(statSync(join(directory, "store.lock")).mode & 0o777).toBe(0o600);
    const error = await acquireLock(directory).catch((thrown: unknown) => thrown as LitmusError);
    expect(error).toMatchObject({ code: "conflict" });
    expect((error as LitmusError).message).toContain(`process ${process.pid}, which answers at http://127.0.0.1:4000`);
    held.release();
    expect(await readLock(directory)).toBeNull();
    (await acquireLock(directory)).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("says whether its holder gives way, and reads one of a version that did not say", async () => {
    const directory = newFolder();
    const held = await acquireLock(directory, { yields: true });
    expect(await readLock(directory)).toMatchObject({ yields: true });
    held.updateServer({ address: "http://127.0.0.1:4000", token: null });
    expect(await readLock(directory)).toMatchObject({ yields: true });
    held.release();
    writeLock(directory, {});
    expect(await readLock(directory)).toMatchObject({ pid: process.pid, token: null, yields: false });
  });

  it("is released also where it could not be told another address", async () => {
    const directory = newFolder();
    const held = await acquireLock(directory);
    held.updateServer({ address: "http://127.0.0.1:4000", token: null });
    const lock = join(directory, "store.lock");
    renameSync(lock, join(directory, "aside"));
    mkdirSync(lock);
    expect(() => held.updateServer(null)).toThrow();
    rmdirSync(lock);
    renameSync(join(directory, "aside"), lock);
    expect(readdirSync(directory)).toEqual(["store.lock"]);
    held.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is not taken by the release of an earlier holder", async () => {
    const directory = newFolder();
    const first = await acquireLock(directory);
    first.release();
    const second = await acquireLock(directory);
    first.release();
    expect((await readLock(directory))?.pid).toBe(process.pid);
    second.release();
  });

  it.each([
    ["whose process has ended", () => ({ pid: deadPid() })],
    ["whose number another process has now", () => ({ start: "another boot:1" })],
  ])("is taken over from one %s", async (_name, fields) => {
    const directory = newFolder();
    writeLock(directory, fields());
    expect(await readLock(directory)).toBeNull();
    (await acquireLock(directory)).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(["", "{", "null", '{"pid":1}'])("is taken over where the file holds %j", async (content) => {
    const directory = newFolder();
    writeFileSync(join(directory, "store.lock"), content);
    expect(await readLock(directory)).toBeNull();
    (await acquireLock(directory)).release();
  });

  it("is taken over although an earlier taker died on the way", async () => {
    const directory = newFolder();
    writeLock(directory, { pid: deadPid() });
    const dead = readFileSync(join(directory, "store.lock"), "utf8");
    writeFileSync(
      join(directory, `store.lock.${sha256(dead).slice(0, 16)}`),
      JSON.stringify({ ...thisProcess(), pid: deadPid(), nonce: "m", address: null }),
    );
    (await acquireLock(directory)).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("of another machine stays, and the message says what to do", async () => {
    const directory = newFolder();
    writeLock(directory, { host: "elsewhere", pid: deadPid(), address: "http://127.0.0.1:4000" });
    const error = (await acquireLock(directory).catch((thrown: unknown) => thrown)) as LitmusError;
    expect(error.message).toMatch(/on elsewhere$/);
    expect(error.hint).toContain("delete");
  });

  it("goes to one of many that find a dead one at the same time", async () => {
    for (let round = 0; round < 5; round += 1) {
      const directory = newFolder();
      writeLock(directory, { pid: deadPid() });
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(directory)));
      expect(attempts.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
    }
  });

  it("goes to one of many processes that find a dead one at the same time", async () => {
    const directory = newFolder();
    writeLock(directory, { pid: deadPid() });
    const code = `
      const { acquireLock } = await import(${JSON.stringify(new URL("./store-lock.ts", import.meta.url).href)});
      const ready = Date.now() + 50;
      while (Date.now() < ready);
      try { await acquireLock(${JSON.stringify(directory)}); process.stdout.write("held"); } catch (error) { process.stdout.write(error.code); }
      process.stdin.resume(); process.stdin.on("end", () => process.exit(0));`;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["pipe", "pipe", "inherit"] }),
    );
    const said = await Promise.all(
      children.map(
        (child) => new Promise<string>((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk)))),
      ),
    );
    for (const child of children) child.stdin.end();
    expect(said.toSorted()).toEqual(["conflict", "conflict", "conflict", "conflict", "conflict", "held"]);
  });
});

describe("process identity", () => {
  it("knows this process, a running one and one that was killed but not waited for", async () => {
    expect(isRunning(thisProcess())).toBe(true);
    expect(isRunning({ ...thisProcess(), start: null })).toBe(true);
    expect(isRunning({ host: hostname(), pid: deadPid(), start: null })).toBe(false);
    // A shell that never waits for its child leaves it a zombie.
    const shell = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 5"], { stdio: ["ignore", "pipe", "ignore"] });
    const pid = Number(
      await new Promise<string>((resolve) => shell.stdout.once("data", (chunk) => resolve(String(chunk)))),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isRunning({ host: hostname(), pid, start: null })).toBe(false);
    shell.kill("SIGKILL");
  });
});
