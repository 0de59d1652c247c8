import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const watcherPath = fileURLToPath(new URL("./run-with-parent.ts", import.meta.url));
const keptCharacters = 2000;
const pollMs = 50;
/** A model of many gigabytes on a slow disk takes minutes. */
const longestStartMs = 900_000;

/** Where a server answers, and the key that only its own client has. */
export interface ServerAddress {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** One `llama-server`, from its start to its end; it ends with this process, however that ends. */
export class LlamaServerProcess {
  readonly #watcher: ChildProcess;
  readonly #output: readonly Readable[];
  readonly #exited: Promise<void>;
  #pid = 0;
  #hasExited = false;
  #lastOutput = "";

  constructor(program: string, parameters: readonly string[]) {
    // In a process group of its own: an interrupt of the terminal reaches this process, which decides what it means.
    this.#watcher = fork(watcherPath, [program, ...parameters], {
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    this.#watcher.once("message", (pid) => (this.#pid = Number(pid)));
    this.#output = [this.#watcher.stdout, this.#watcher.stderr].filter((stream) => stream !== null);
    for (const stream of this.#output) {
      stream.on("data", (chunk: Buffer) => {
        this.#lastOutput = (this.#lastOutput + chunk.toString()).slice(-keptCharacters);
      });
    }
    this.#exited = new Promise((resolve) => {
      const settle = (): void => {
        this.#hasExited = true;
        resolve();
      };
      this.#watcher.once("exit", settle);
      this.#watcher.once("error", settle);
    });
    this.#unref();
  }

  /** Of the server itself; 0 until it runs. */
  get pid(): number {
    return this.#pid;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Null once the model is loaded and answers, else why it does not: the last lines that the server wrote. */
  async ready({ baseUrl, apiKey }: ServerAddress): Promise<string | null> {
    const giveUpAt = performance.now() + longestStartMs;
    const headers = { authorization: `Bearer ${apiKey}` };
    while (!this.#hasExited) {
      // Until it listens, the connection is refused; while it loads, it answers 503. Another's server refuses the key.
      const status = await fetch(`${baseUrl}/props`, { headers }).then(statusOf, () => 0);
      if (status === 200) return null;
      if (performance.now() > giveUpAt)
        return `it did not serve within ${longestStartMs / 1000} s: ${this.#lastOutput.trim()}`;
      await pause(pollMs);
    }
    await Promise.all(this.#output.map((stream) => finished(stream)));
    return `it ended: ${this.#lastOutput.trim()}`;
  }

  /** Ends it at once. It has nothing to keep. */
  async end(): Promise<void> {
    if (this.#hasExited) return;
    this.#watcher.ref();
    if (this.#watcher.connected) this.#watcher.disconnect();
    await this.#exited;
  }

  /** A server without requests keeps nobody's event loop alive. */
  #unref(): void {
    this.#watcher.unref();
    this.#watcher.channel?.unref();
    for (const stream of this.#output) if (stream instanceof Socket) stream.unref();
  }
}

async function statusOf(response: Response): Promise<number> {
  await response.arrayBuffer();
  return response.status;
}
