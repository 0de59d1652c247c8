import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fail } from "@litmus/core";
import type { Failure, Outcome, SampleRequest, ScoreRequest } from "@litmus/core";
import { z } from "zod";
import { modelReplySchema } from "./model-messages.ts";
import type { ModelCounters, ModelReply, ModelRequest, ModelSettings } from "./model-messages.ts";
import type { Scores } from "./score-work.ts";
import type { Action } from "./turn-work.ts";

const childPath = fileURLToPath(new URL("./model-child.ts", import.meta.url));
const keptErrorBytes = 2000;

/** The parent's end of one model process. Its promises never reject: what an ended process leaves open becomes a failure. */
export class ModelProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: ModelReply | null) => void>();
  readonly #exited: Promise<void>;
  #nextId = 0;
  #errorText = "";
  #hasExited = false;
  #counters: ModelCounters = { ticks: 0, busySlots: 0, sampledTokens: 0, prefilledTokens: 0 };

  constructor() {
    const stdio = ["ignore", "ignore", "pipe", "ipc"] as const;
    this.#child = fork(childPath, { serialization: "advanced", execArgv: [], stdio: [...stdio] });
    this.#child.on("message", (message) => this.#receive(message));
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#errorText = (this.#errorText + chunk.toString()).slice(-keptErrorBytes);
    });
    this.#exited = new Promise((resolve) => {
      const settle = (): void => {
        this.#abandon();
        resolve();
      };
      this.#child.once("exit", settle);
      this.#child.once("error", settle);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  get counters(): ModelCounters {
    return this.#counters;
  }

  /** Null when the model is loaded, else why it is not. */
  load(settings: ModelSettings): Promise<string | null> {
    return this.#command((id) => ({ type: "load", id, settings }));
  }

  /** Null when the adapter is in use, else why it is not. */
  useAdapter(adapterPath: string | null): Promise<string | null> {
    return this.#command((id) => ({ type: "use-adapter", id, adapterPath }));
  }

  async sample(request: SampleRequest): Promise<Outcome<Action>> {
    const reply = await this.#ask((id) => ({ type: "sample", id, request })).reply;
    return reply?.type === "sampled" ? reply.outcome : fail(this.#exitFailure());
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const { id, reply } = this.#ask((id) => ({ type: "score", id, requests }));
    const abort = (): void => this.#send({ type: "abort", id });
    signal?.addEventListener("abort", abort, { once: true });
    const scored = await reply;
    signal?.removeEventListener("abort", abort);
    return scored?.type === "scored" ? scored.outcome : fail(this.#exitFailure());
  }

  release(episodeId: string): void {
    this.#send({ type: "release", episodeId });
  }

  async kill(): Promise<void> {
    // Whoever waits for its end must live to see it.
    if (!this.#hasExited) this.#child.ref();
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async #command(message: (id: number) => ModelRequest): Promise<string | null> {
    const reply = await this.#ask(message).reply;
    return reply?.type === "done" ? reply.result.error : this.#exitFailure().message;
  }

  #ask(message: (id: number) => ModelRequest): { readonly id: number; readonly reply: Promise<ModelReply | null> } {
    const id = this.#nextId++;
    if (this.#hasExited) return { id, reply: Promise.resolve(null) };
    const reply = new Promise<ModelReply | null>((resolve) => this.#waiting.set(id, resolve));
    this.#keepAlive();
    this.#send(message(id));
    return { id, reply };
  }

  #send(message: ModelRequest): void {
    // A process that ends meanwhile is noticed by its exit.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #receive(message: unknown): void {
    const parsed = modelReplySchema.safeParse(message);
    if (!parsed.success) return this.#refuse(parsed.error);
    const reply = parsed.data;
    if (reply.type !== "done") this.#counters = reply.counters;
    const resolve = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    this.#keepAlive();
    resolve?.(reply);
  }

  /** A process that writes what nobody can read is of no more use. */
  #refuse(error: z.ZodError): void {
    this.#errorText += `its answer cannot be read: ${z.prettifyError(error)}`;
    this.#child.kill("SIGKILL");
  }

  #abandon(): void {
    this.#hasExited = true;
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }

  /** An idle model keeps nobody's event loop alive. */
  #keepAlive(): void {
    const name = this.#waiting.size > 0 ? "ref" : "unref";
    this.#child[name]();
    this.#child.channel?.[name]();
  }

  #exitFailure(): Failure {
    const how = this.#child.signalCode ?? `code ${this.#child.exitCode ?? "unknown"}`;
    const message = `the model process ended (${how}) ${this.#errorText.trim()}`.trim();
    return { boundary: "policy", code: "model-process-exited", message, retryable: true };
  }
}
