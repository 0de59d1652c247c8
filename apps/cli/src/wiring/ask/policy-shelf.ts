import { ConcurrencyLimit, systemClock, systemTiming, toLitmusError, useVersion, type Timing } from "@litmus/core";
import type { Reporter } from "../../output/reporter.ts";
import { directoryOf } from "../open-model.ts";
import { openParts, type Parts } from "../open-parts.ts";
import type { AskContext } from "./ask-episode.ts";
import type { FolderPolicy } from "./folder-policies.ts";

interface ShelfOptions {
  readonly reporter: Reporter;
  /** A policy that nobody asks is given up after so many milliseconds. */
  readonly idleMs: number;
  readonly open?: typeof openParts;
  readonly timing?: Pick<Timing, "wait">;
}

/**
 * Keeps one loaded policy, from one question to the next. Loading and giving up happen in turn, so that never two are in memory; what
 * was taken must not be in use any more when another is taken.
 */
export class PolicyShelf {
  readonly #options: ShelfOptions;
  readonly #turns = new ConcurrencyLimit(1, systemClock);
  #loaded: { readonly configPath: string; readonly parts: Parts; id: string | null } | null = null;
  /** Ends the wait for the moment in which the policy is given up. */
  #resting = new AbortController();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Whether a policy answers without being loaded first. */
  has({ option }: FolderPolicy): boolean {
    return this.#loaded?.id === option.id;
  }

  /** Loads the policy unless it is there. @throws LitmusError as {@link openParts} and `useVersion`, and the signal's reason */
  async take(policy: FolderPolicy, signal: AbortSignal): Promise<AskContext> {
    this.#stopCounting();
    return this.#turns.run(() => this.#take(policy, signal));
  }

  async #take(policy: FolderPolicy, signal: AbortSignal): Promise<AskContext> {
    signal.throwIfAborted();
    const { configPath, config, option } = policy;
    if (this.#loaded?.configPath !== configPath) {
      await this.#drop();
      const { reporter, open = openParts } = this.#options;
      const parts = await open(config, { configDirectory: directoryOf(configPath), reporter, signal });
      this.#loaded = { configPath, parts, id: null };
    }
    const loaded = this.#loaded;
    if (loaded.id !== option.id) {
      loaded.id = null;
      await useVersion(loaded.parts.policy, policy.adapter);
      loaded.id = option.id;
    }
    return { ...loaded.parts, config };
  }

  /** Starts to count the time in which nobody asks. */
  rest(): void {
    this.#stopCounting();
    this.#resting = new AbortController();
    void this.#dropWhenIdle(this.#resting.signal);
  }

  async #dropWhenIdle(signal: AbortSignal): Promise<void> {
    const { reporter, idleMs, timing = systemTiming } = this.#options;
    await timing.wait(idleMs, signal);
    if (signal.aborted) return;
    await this.drop().catch((cause: unknown) =>
      reporter.note(`the policy that nobody asks could not be closed: ${toLitmusError(cause).message}`),
    );
  }

  /** Gives up what is loaded. */
  async drop(): Promise<void> {
    this.#stopCounting();
    await this.#turns.run(() => this.#drop());
  }

  async #drop(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    await loaded?.parts.close();
  }

  #stopCounting(): void {
    this.#resting.abort();
  }
}
