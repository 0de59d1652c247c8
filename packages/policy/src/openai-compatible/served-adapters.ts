import { dirname, join, posix, relative, resolve } from "node:path";
import { LitmusError, succeed } from "@litmus/core";
import type { AdapterReference, Outcome } from "@litmus/core";
import { readLoraAdapter, writePeftAdapter } from "@litmus/models";
import { AdapterCheck } from "../adapter-check.ts";
import type { EngineDialect } from "./engine-dialect.ts";
import { engineError } from "./engine-failure.ts";

export interface ServedAdaptersOptions {
  readonly engine: EngineDialect;
  /** As the base calls itself in PEFT folders. */
  readonly model: string;
  readonly acceptedBaseSha256: readonly string[];
  readonly sharedFolder: { readonly local: string; readonly engine: string } | null;
  /** So many stay loaded, the one in use among them: other processes may sample from an earlier one on the same engine. */
  readonly keptAdapters: number;
}

interface Served {
  readonly reference: AdapterReference;
  readonly name: string;
  /** As the engine names it. */
  readonly path: string;
}

/**
 * The adapter that an engine answers with. Every version has a name of its own, which holds its hash: a name is never
 * used for two adapters, so that an engine can neither keep an old one under it nor mix two.
 */
export class ServedAdapters {
  readonly #options: ServedAdaptersOptions;
  readonly #check: AdapterCheck;
  #current: Served | null = null;
  /** Loaded by this process, the latest last. */
  #loaded: readonly Served[] = [];
  #restoring: Promise<Outcome<void>> | null = null;

  constructor(options: ServedAdaptersOptions) {
    this.#options = options;
    this.#check = new AdapterCheck(options.acceptedBaseSha256);
  }

  get reference(): AdapterReference | null {
    return this.#current?.reference ?? null;
  }

  /** Null for the base. */
  get name(): string | null {
    return this.#current?.name ?? null;
  }

  /**
   * Loads an adapter, then unloads those that are not kept. When that fails, the new one is in use all the same.
   * @throws LitmusError `corrupt-file`, `conflict` or `incompatible` for the file; `incompatible` or `unavailable` when
   * the engine does not take it: then the one before stays in use
   */
  async use(reference: AdapterReference | null): Promise<void> {
    const next = reference === null ? null : await this.#publish(reference);
    if (next !== null) this.#orThrow(next, await this.#load(next));
    this.#current = next;
    const others = this.#loaded.filter(({ name }) => name !== next?.name);
    const kept = others.slice(Math.max(0, others.length + 1 - this.#options.keptAdapters));
    this.#loaded = next === null ? kept : [...kept, next];
    for (const old of others.filter((each) => !kept.includes(each))) this.#orThrow(old, await this.#unload(old));
  }

  /** Loads the current adapter again, for an engine that was restarted; callers at the same time share one try. */
  restore(): Promise<Outcome<void>> {
    const current = this.#current;
    if (current === null) return Promise.resolve(succeed(undefined));
    this.#restoring ??= this.#load(current).finally(() => {
      this.#restoring = null;
    });
    return this.#restoring;
  }

  /** Puts the adapter where the engine can read it, in the engine's format. */
  async #publish(reference: AdapterReference): Promise<Served> {
    await this.#check.check(reference);
    const name = `litmus-v${reference.version}-${reference.sha256.slice(0, 12)}`;
    const { engine, model } = this.#options;
    if (engine.adapterFormat === "gguf") return { reference, name, path: this.#asEngineNames(reference.path) };
    const folder = join(dirname(reference.path), name);
    const adapter = await readLoraAdapter(reference.path, { baseSha256: null, sha256: reference.sha256 });
    await writePeftAdapter(folder, adapter, model);
    return { reference, name, path: this.#asEngineNames(folder) };
  }

  #asEngineNames(path: string): string {
    const whole = resolve(path);
    const { sharedFolder } = this.#options;
    if (sharedFolder === null) return whole;
    const inside = relative(resolve(sharedFolder.local), whole);
    if (inside !== "" && !inside.startsWith("..")) return posix.join(sharedFolder.engine, ...inside.split(/[\\/]/));
    throw new LitmusError("invalid-config", `${whole} is not in the folder that the engine shares`, {
      path: "sharedFolder",
      hint: `the engine can read only what lies in ${sharedFolder.local}`,
    });
  }

  async #load({ name, path }: Served): Promise<Outcome<void>> {
    const listed = await this.#isServed(name);
    if (!listed.ok) return listed;
    if (listed.value) return succeed(undefined);
    const loaded = await this.#options.engine.loadAdapter(name, path);
    if (loaded.ok) return loaded;
    // A dropped connection can hide that it was loaded: then the second try is refused.
    const again = await this.#isServed(name);
    return again.ok && again.value ? succeed(undefined) : loaded;
  }

  async #unload({ name }: Served): Promise<Outcome<void>> {
    const listed = await this.#isServed(name);
    if (!listed.ok) return listed;
    return listed.value ? this.#options.engine.unloadAdapter(name) : succeed(undefined);
  }

  async #isServed(name: string): Promise<Outcome<boolean>> {
    const listed = await this.#options.engine.adapters();
    return listed.ok ? succeed(listed.value.includes(name)) : listed;
  }

  #orThrow({ name }: Served, outcome: Outcome<void>): void {
    if (outcome.ok) return;
    const what = `the engine does not switch adapters ("${name}")`;
    throw engineError(outcome.failure, { what, hint: this.#options.engine.adapterHint });
  }
}
