import { fail, LitmusError, succeed } from "@litmus/core";
import type { Outcome } from "@litmus/core";
import type { ResolvedLlamaCppOptions } from "./llama-cpp-options.ts";
import { modelLoadError } from "./model-load-error.ts";
import type { ModelCounters } from "./model-messages.ts";
import { ModelProcess } from "./model-process.ts";

/** Keeps one model process: starts it again, with the adapter in use, when it has ended and is asked for. */
export class ModelSupervisor {
  readonly #options: ResolvedLlamaCppOptions;
  #process: ModelProcess;
  #starting: Promise<Outcome<ModelProcess>> | null = null;
  #adapterPath: string | null = null;
  #adaptersInProcess = 0;
  #restarts = 0;
  #restartsInARow = 0;
  #isClosed = false;
  /** Of the processes that have ended. */
  #pastCounters: ModelCounters = { ticks: 0, busySlots: 0, sampledTokens: 0, prefilledTokens: 0 };

  private constructor(options: ResolvedLlamaCppOptions, process: ModelProcess) {
    this.#options = options;
    this.#process = process;
  }

  /** @throws LitmusError when the model does not load */
  static async start(options: ResolvedLlamaCppOptions): Promise<ModelSupervisor> {
    const process = new ModelProcess();
    const error = await process.load(settingsOf(options, null));
    if (error !== null) {
      await process.kill();
      throw modelLoadError(options.modelPath, error);
    }
    return new ModelSupervisor(options, process);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get counters(): ModelCounters {
    return sum(this.#pastCounters, this.#process.counters);
  }

  /** The process, started again if need be; a failure when it cannot be, or too often was. */
  async running(): Promise<Outcome<ModelProcess>> {
    if (this.#isClosed) return fail({ boundary: "policy", code: "policy-closed", message: "closed", retryable: false });
    if (this.#starting === null && !this.#process.hasExited) return succeed(this.#process);
    this.#starting ??= this.#restart().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** The process answered: earlier restarts count no longer. */
  noteSuccess(): void {
    this.#restartsInARow = 0;
  }

  /** @throws LitmusError `incompatible` when the adapter does not load, `unavailable` when the process has ended */
  async useAdapter(adapterPath: string | null): Promise<void> {
    const isFull = adapterPath !== null && this.#adaptersInProcess >= this.#options.swapsPerProcess;
    const running = isFull ? await this.#replace() : await this.running();
    if (!running.ok) throw new LitmusError("unavailable", running.failure.message);
    const error = await running.value.useAdapter(adapterPath);
    if (error === null) {
      this.#adapterPath = adapterPath;
      if (adapterPath !== null) this.#adaptersInProcess++;
      return;
    }
    if (running.value.hasExited) throw new LitmusError("unavailable", error, { retryable: true });
    throw new LitmusError("incompatible", `the adapter ${adapterPath ?? "(none)"} does not load: ${error}`, {
      hint: "train it on this very model",
    });
  }

  release(episodeId: string): void {
    this.#process.release(episodeId);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#process.kill();
  }

  async #restart(): Promise<Outcome<ModelProcess>> {
    if (this.#restartsInARow >= this.#options.maxRestarts) {
      const message = `the model process ended ${this.#restartsInARow + 1} times without sampling one action`;
      return fail({ boundary: "policy", code: "model-process-unusable", message, retryable: false });
    }
    this.#restarts++;
    this.#restartsInARow++;
    return this.#replace();
  }

  /** A new process with the adapter in use takes over. */
  async #replace(): Promise<Outcome<ModelProcess>> {
    await this.#process.kill();
    this.#pastCounters = this.counters;
    this.#adaptersInProcess = 0;
    this.#process = new ModelProcess();
    const error = await this.#process.load(settingsOf(this.#options, this.#adapterPath));
    // Closed meanwhile: the process that was killed then was the one before.
    if (this.#isClosed) await this.#process.kill();
    if (error === null) return succeed(this.#process);
    await this.#process.kill();
    return fail({ boundary: "policy", code: "model-not-loaded", message: error, retryable: true });
  }
}

function settingsOf(options: ResolvedLlamaCppOptions, adapterPath: string | null): Parameters<ModelProcess["load"]>[0] {
  const { modelPath, contextTokens, slots, keptPrefixes, threads, batchTokens, kernels } = options;
  return { modelPath, contextTokens, slots, keptPrefixes, threads, batchTokens, kernels, adapterPath };
}

function sum(a: ModelCounters, b: ModelCounters): ModelCounters {
  return {
    ticks: a.ticks + b.ticks,
    busySlots: a.busySlots + b.busySlots,
    sampledTokens: a.sampledTokens + b.sampledTokens,
    prefilledTokens: a.prefilledTokens + b.prefilledTokens,
  };
}
