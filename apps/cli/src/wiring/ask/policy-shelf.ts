import { useVersion } from "@litmus/core";
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
}

/** Keeps one loaded policy, from one question to the next. Its calls must not overlap. */
export class PolicyShelf {
  readonly #options: ShelfOptions;
  #loaded: { readonly configPath: string; readonly parts: Parts; id: string | null } | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Whether a policy answers without being loaded first. */
  has({ option }: FolderPolicy): boolean {
    return this.#loaded?.id === option.id;
  }

  /** Loads the policy unless it is there. @throws LitmusError as {@link openParts} and `useVersion` */
  async take(policy: FolderPolicy, signal: AbortSignal): Promise<AskContext> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const { configPath, config, option } = policy;
    if (this.#loaded?.configPath !== configPath) {
      await this.drop();
      const { reporter, open = openParts } = this.#options;
      const parts = await open(config, { configDirectory: directoryOf(configPath), reporter, signal });
      this.#loaded = { configPath, parts, id: null };
    }
    const { parts, id } = this.#loaded;
    if (id !== option.id) {
      this.#loaded.id = null;
      await useVersion(parts.policy, policy.adapter);
      this.#loaded.id = option.id;
    }
    return { ...parts, config };
  }

  /** Starts to count the time in which nobody asks. */
  rest(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.drop(), this.#options.idleMs);
    this.#idle.unref();
  }

  async drop(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    if (this.#idle !== null) clearTimeout(this.#idle);
    await loaded?.parts.close();
  }
}
