import { isDeepStrictEqual } from "node:util";
import { fail, succeed } from "@litmus/core";
import type { Outcome } from "@litmus/core";
import { z } from "zod";
import { engineFailure } from "./engine-failure.ts";
import type { EngineHttp } from "./engine-http.ts";
import type { LlamaCompletion } from "./llama-server-completion.ts";

const listSchema = z.array(z.object({ id: z.int().nonnegative(), path: z.string() }));
type Listed = z.infer<typeof listSchema>;

/** How strongly each adapter of a server acts in one request. */
type Scales = readonly { readonly id: number; readonly scale: number }[];

/** The adapters that a `llama-server` was started with: it can weigh them by request, and load no others. */
export class LlamaServerAdapters {
  readonly #http: EngineHttp;
  /** Every adapter of the server. */
  #listed: Listed = [];
  readonly #idOfName = new Map<string, number>();

  constructor(http: EngineHttp) {
    this.#http = http;
  }

  /** Reads which adapters the server has. */
  async refresh(): Promise<Outcome<void>> {
    const listed = await this.#list();
    if (!listed.ok) return listed;
    this.#listed = listed.value;
    return succeed(undefined);
  }

  /**
   * Whether the server still is the one whose adapters were read: an answer only echoes the numbers that it was asked with, and
   * after a restart they may be those of others. Failure `adapter-unknown` if not: then every name must be found again.
   */
  async confirm(signal?: AbortSignal): Promise<Outcome<void>> {
    const listed = await this.#list(signal);
    if (!listed.ok) return listed;
    if (isDeepStrictEqual(listed.value, this.#listed)) return succeed(undefined);
    this.#listed = listed.value;
    this.forgetAll();
    return fail(engineFailure("adapter-unknown", `llama-server was started anew, with ${pathsOf(listed.value)}`));
  }

  /** Whether every request is answered by the base. */
  areNone(): boolean {
    return this.#listed.length === 0;
  }

  names(): readonly string[] {
    return [...this.#idOfName.keys()];
  }

  /** Gives the adapter that the server read from a path a name. */
  async find(name: string, path: string): Promise<Outcome<void>> {
    const refreshed = await this.refresh();
    if (!refreshed.ok) return refreshed;
    const found = this.#listed.find((adapter) => adapter.path === path);
    if (found === undefined) {
      const message = `llama-server was started without ${path}; it has ${pathsOf(this.#listed)}`;
      return fail(engineFailure("engine-refused-request", message));
    }
    this.#idOfName.set(name, found.id);
    return succeed(undefined);
  }

  forget(name: string): void {
    this.#idOfName.delete(name);
  }

  forgetAll(): void {
    this.#idOfName.clear();
  }

  /** Every adapter by name: without any, the server would use the scales it was started with. */
  scales(name: string | null): Outcome<Scales> {
    const active = name === null ? undefined : this.#idOfName.get(name);
    if (name !== null && active === undefined) {
      return fail(engineFailure("adapter-unknown", `llama-server has no adapter "${name}"`));
    }
    return succeed(this.#listed.map(({ id }) => ({ id, scale: id === active ? 1 : 0 })));
  }

  /** Which adapters answered instead of the one asked for; null when that one did, as far as the server says. */
  others(completion: LlamaCompletion, name: string | null): string | null {
    const used = completion.generation_settings?.lora?.filter(({ scale }) => scale !== 0);
    if (used === undefined) return null;
    const active = name === null ? undefined : this.#idOfName.get(name);
    const isRight = active === undefined ? used.length === 0 : used.length === 1 && used[0]?.id === active;
    if (isRight && used.every(({ scale }) => scale === 1)) return null;
    return `adapters ${used.map(({ id, scale }) => `${id} (scale ${scale})`).join(", ") || "none"}`;
  }

  #list(signal?: AbortSignal): Promise<Outcome<Listed>> {
    return this.#http.ask({ method: "GET", path: "/lora-adapters" }, listSchema, signal);
  }
}

function pathsOf(listed: Listed): string {
  return listed.length === 0 ? "no adapter" : listed.map(({ path }) => path).join(", ");
}
