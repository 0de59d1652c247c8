import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LitmusError } from "@litmus/core";
import type {
  AdapterFile,
  Datum,
  ForwardBackwardResult,
  LossSpec,
  OptimizerResult,
  OptimizerSettings,
  SavedState,
  SaveRequest,
  Trainer,
} from "@litmus/core";
import type { LocalTrainerOptions } from "../local-trainer.ts";
import { parseReply, revivedError } from "./trainer-messages.ts";
import type { TrainerCalls, TrainerMethod, TrainerReply } from "./trainer-messages.ts";

/** A local trainer in a process of its own, which ends with this one. */
export interface LocalTrainerProcess extends Trainer {
  readonly pid: number;
}

/**
 * Starts a process and opens a local trainer in it. When that process dies, every call rejects with `unavailable`, retryable.
 * @throws LitmusError as {@link createLocalTrainer} does
 */
export async function createTrainerProcess(options: LocalTrainerOptions): Promise<LocalTrainerProcess> {
  const connection = new TrainerConnection();
  try {
    await connection.call("open", options);
  } catch (error) {
    await connection.end();
    throw error;
  }
  return new ProcessTrainer(connection);
}

class ProcessTrainer implements LocalTrainerProcess {
  readonly engine = "local";
  readonly #connection: TrainerConnection;

  constructor(connection: TrainerConnection) {
    this.#connection = connection;
  }

  get pid(): number {
    return this.#connection.pid;
  }

  forward(data: readonly Datum[], adapter?: AdapterFile | null): Promise<readonly (readonly number[])[]> {
    return this.#connection.call("forward", data, adapter);
  }

  forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult> {
    return this.#connection.call("forwardBackward", data, loss);
  }

  optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult> {
    return this.#connection.call("optimizerStep", settings);
  }

  save(request: SaveRequest): Promise<SavedState> {
    return this.#connection.call("save", request);
  }

  load(state: SavedState): Promise<void> {
    return this.#connection.call("load", state);
  }

  adopt(adapter: AdapterFile): Promise<void> {
    return this.#connection.call("adopt", adapter);
  }

  /** Ends the process after the calls under way; a process that has died is closed already. */
  async close(): Promise<void> {
    if (!this.#connection.hasExited) await this.#connection.call("close").catch(ignoreDeath);
    await this.#connection.end();
  }
}

function ignoreDeath(error: unknown): void {
  if (!LitmusError.isInstance(error) || error.code !== "unavailable") throw error;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: LitmusError) => void;
}

const childPath = fileURLToPath(new URL("./trainer-child.ts", import.meta.url));
const keptErrorCharacters = 2000;

/** The parent's end of the process. */
class TrainerConnection {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #nextId = 0;
  #errorText = "";
  #hasExited = false;

  constructor() {
    this.#child = fork(childPath, {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.on("message", (message) => this.#settle(parseReply(message)));
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#errorText = (this.#errorText + chunk.toString()).slice(-keptErrorCharacters);
    });
    this.#exited = new Promise((resolve) => {
      const finish = (): void => {
        this.#abandon();
        resolve();
      };
      this.#child.once("exit", finish);
      this.#child.once("error", finish);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  call<Method extends TrainerMethod>(
    method: Method,
    ...parameters: Parameters<TrainerCalls[Method]>
  ): ReturnType<TrainerCalls[Method]> {
    const reply = new Promise((resolve, reject) => {
      if (this.#hasExited) return reject(this.#deathError());
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#keepAlive();
      // A process that dies meanwhile is noticed by its exit.
      this.#child.send({ id, method, parameters }, () => {});
    });
    return reply as ReturnType<TrainerCalls[Method]>;
  }

  /** Kills the process and waits for its end. */
  async end(): Promise<void> {
    this.#child.ref();
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  #settle(reply: TrainerReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    this.#keepAlive();
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(revivedError(reply.error));
  }

  #abandon(): void {
    this.#hasExited = true;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#deathError());
    this.#waiting.clear();
  }

  /** An idle trainer keeps nobody's event loop alive. */
  #keepAlive(): void {
    const name = this.#waiting.size > 0 ? "ref" : "unref";
    this.#child[name]();
    this.#child.channel?.[name]();
  }

  #deathError(): LitmusError {
    const how = this.#child.signalCode ?? `code ${this.#child.exitCode ?? "unknown"}`;
    return new LitmusError("unavailable", `the trainer's process ended (${how}) ${this.#errorText.trim()}`.trim(), {
      retryable: true,
      hint: "start it again and load the last saved state; if the signal was SIGKILL, memory may have run out",
    });
  }
}
