import { spawn } from "node:child_process";
import { vi } from "vitest";
import type { WorkerChildScript } from "./worker-child.ts";

/** A worker process under a test's hands. */
export interface WorkerChild {
  /** What it said so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line that begins so. */
  said(beginning: string): Promise<string>;
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM"): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** Starts a worker in a process of its own. */
export function startWorkerChild(script: WorkerChildScript): WorkerChild {
  const path = new URL("./worker-child.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [path, JSON.stringify(script)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = (): string[] => text.split("\n").slice(0, -1);
  return {
    get lines() {
      return lines();
    },
    async said(beginning) {
      return vi.waitFor(
        () => {
          const line = lines().find((said) => said.startsWith(beginning));
          if (line === undefined) throw new Error(`the worker has not said "${beginning}", but:\n${text}`);
          return line;
        },
        { timeout: 90_000, interval: 20 },
      );
    },
    signal: (name) => void child.kill(name),
    ended,
  };
}
