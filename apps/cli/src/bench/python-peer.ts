import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LitmusError } from "@litmus/core";
import { environment } from "../environment.ts";
import type { MeasuredUpdate, UpdateSide } from "./update-side.ts";

export const peers = ["torch", "trl"] as const;
export type Peer = (typeof peers)[number];

interface PeerProcess {
  readonly peer: Peer;
  readonly microBatch: number;
  readonly precision: "float32" | "bfloat16";
  readonly threads: number;
}

const benchmarks = join(environment.root, "experiments", "benchmarks");

/**
 * Sets the peer's own Python environment up in the cache, once for each list of requirements.
 * @returns its interpreter
 * @throws LitmusError `unavailable` when there is no Python or an installation fails
 */
export async function setUpPeer(peer: Peer, note: (text: string) => void): Promise<string> {
  const requirements = join(benchmarks, `requirements-${peer}.txt`);
  const folder = join(environment.cacheDirectory, "benchmarks", peer);
  const [python, doneNote] = [join(folder, "bin", "python"), join(folder, "installed.txt")];
  const wanted = await readFile(requirements, "utf8");
  if ((await readFile(doneNote, "utf8").catch(() => null)) === wanted) return python;
  if (environment.offline)
    throw new LitmusError("unavailable", `the Python peer ${peer} is not installed, and nothing may be fetched`, {
      hint: "unset LITMUS_OFFLINE, or leave --peer out",
    });
  note(`installing the Python peer ${peer} into ${folder}`);
  await mkdir(folder, { recursive: true });
  await runToEnd("python3", ["-m", "venv", folder]);
  await runToEnd(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  await writeFile(doneNote, wanted);
  return python;
}

/** Starts the peer's process; each line sent to it is one update. */
export function openPeerUpdate(python: string, { peer, microBatch, precision, threads }: PeerProcess): UpdateSide {
  const child = spawn(python, [join(benchmarks, "update_peer.py"), peer, String(microBatch), precision], {
    env: environment.forProgram({ OMP_NUM_THREADS: String(threads), OMP_WAIT_POLICY: "passive" }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      errors += error.message;
      resolve();
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    update: async () => {
      child.stdin.write("\n");
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true)
          throw new LitmusError("unavailable", `the Python peer ${peer} ended: ${errors.trim()}`, {
            hint: "a micro-batch may need more memory than there is",
          });
        // Libraries print too.
        if (value.startsWith("{")) return JSON.parse(value) as MeasuredUpdate;
      }
    },
    close: async () => {
      child.stdin.end();
      child.kill();
      await exited;
    },
  };
}

async function runToEnd(command: string, parameters: readonly string[]): Promise<void> {
  const child = spawn(command, parameters, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | string>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve(exitCode ?? signal ?? "unknown"));
    child.once("error", (error) => resolve(error.message));
  });
  if (code !== 0)
    throw new LitmusError("unavailable", `${command} ${parameters.join(" ")} failed (${code}): ${errors.trim()}`, {
      hint: "the peer needs Python 3.10 or later with venv and pip",
    });
}
