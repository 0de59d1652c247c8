import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** @file The command line as its users run it: a process of its own. */

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A line of `--json` output. */
export interface OutputLine {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A process that has ended. */
export interface Ended {
  /** Null for a process that was killed. */
  readonly exitCode: number | null;
  /** Of stdout; each must be JSON. */
  readonly lines: readonly OutputLine[];
  readonly stderr: string;
}

/** A process under way. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

interface Setting {
  readonly environment?: Readonly<Record<string, string>>;
  /** Working folder; the root of the clone unless given. */
  readonly folder?: string;
  readonly onLine?: (line: OutputLine, running: Running) => void;
  /** Told all of stderr so far, whenever there is more of it. */
  readonly onStderr?: (stderr: string, running: Running) => void;
}

/** Starts `litmus <words> --json`. */
export function startLitmus(
  words: readonly string[],
  { environment = {}, folder = root, onLine, onStderr }: Setting = {},
): Running {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words, "--json"], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: OutputLine[] = [];
  let stderr = "";
  const { promise: ended, resolve } = Promise.withResolvers<Ended>();
  const running: Running = { ended, kill: (signal) => void child.kill(signal) };
  child.stderr.on("data", (text: Buffer) => {
    stderr += text.toString();
    onStderr?.(stderr, running);
  });
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as OutputLine;
    lines.push(line);
    onLine?.(line, running);
  });
  child.on("close", (exitCode) => resolve({ exitCode, lines, stderr }));
  return running;
}

/** Runs `litmus <words> --json` to its end. */
export function runLitmus(words: readonly string[], setting?: Setting): Promise<Ended> {
  return startLitmus(words, setting).ended;
}
