import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exists } from "./wiring/exists.ts";

const quiet = "--disable-warning=ExperimentalWarning";
const moduleOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A process that ends as soon as it has said so many bytes. */
function startSpeaker(bytes: number, stdout: "pipe" | number = "pipe"): ChildProcess {
  const script = `
    import { runToEnd } from ${JSON.stringify(moduleOf("run-to-end.ts"))};
    await runToEnd(async () => process.stdout.write("x".repeat(${bytes})), false);`;
  return spawn(process.execPath, [quiet, "--input-type=module", "--eval", script], {
    stdio: ["ignore", stdout, "pipe"],
  });
}

/** `litmus` with a word that it does not know: as JSON, its error has six characters for each of the word's. */
const wordLength = 120_000;
const startRefused = (): ChildProcess =>
  spawn(process.execPath, [quiet, moduleOf("main.ts"), "\u0001".repeat(wordLength), "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Reads a chunk, does something else, reads the next. */
async function readSlowly(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) {
    chunks.push(chunk);
    await setImmediate();
  }
  return Buffer.concat(chunks).toString();
}

/** Its exit code, and what it said on stderr. */
async function ended(child: ChildProcess): Promise<readonly [exitCode: number | null, stderr: string]> {
  const closed = once(child, "close");
  const stderr = await readSlowly(child.stderr);
  await closed;
  return [child.exitCode, stderr];
}

describe("what a process says before it ends", () => {
  it("arrives whole through a pipe that is read slowly", async () => {
    const child = startSpeaker(3_000_000);
    const [said, end] = await Promise.all([readSlowly(child.stdout), ended(child)]);
    expect(said.length).toBe(3_000_000);
    expect(end).toEqual([0, ""]);
  });

  it("arrives whole when litmus refuses something", async () => {
    const child = startRefused();
    const [said, [exitCode]] = await Promise.all([readSlowly(child.stdout), ended(child)]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(said)).toMatchObject({ type: "error", code: "invalid-input" });
    expect(said.length).toBeGreaterThan(6 * wordLength);
  });

  it.each([
    ["a speaker", () => startSpeaker(3_000_000), 0],
    ["litmus", startRefused, 2],
  ])("is dropped when nobody reads it any more, and the exit code stays: %s", async (_, start, expected) => {
    const child = start();
    child.stdout?.destroy();
    const [exitCode, stderr] = await ended(child);
    expect(exitCode).toBe(expected);
    expect(stderr).not.toMatch(/\n\s+at |EPIPE/);
  });

  it("that cannot be written is an error", async ({ skip }) => {
    skip(!(await exists("/dev/full")), "needs /dev/full");
    await using full = await open("/dev/full", "w");
    const [exitCode, stderr] = await ended(startSpeaker(1, full.fd));
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^litmus: the output cannot be written: .*ENOSPC/);
    expect(stderr).toContain("what to do:");
  });
});
