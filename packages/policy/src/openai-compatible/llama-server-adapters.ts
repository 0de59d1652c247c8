import { fail, succeed } from "@litmus/core";
import type { Outcome } from "@litmus/core";
import { z } from "zod";
import { engineFailure } from "./engine-failure.ts";
import type { EngineHttp } from "./engine-http.ts";
import type { LlamaCompletion } from "./llama-server-completion.ts";

const listSchema = z.array(z.object({ id: z.int().nonnegative(), path: z.string() }));

/** How strongly each adapter of a server acts in one request. */
type Scales = readonly { readonly id: number; readonly scale: number }[];

/** The adapters that a `llama-server` was started with: it can weigh them by request, and load no others. */
export class LlamaServerAdapters {
  readonly #http: EngineHttp;
  /** Every adapter of the server. */
  #ids: readonly number[] = [];
  readonly #idOfName = new Map<string, number>();

  constructor(http: EngineHttp) {
    this.#http = http;
  }

  async refresh(): Promise<Outcome<z.infer<typeof listSchema>>> {
    const listed = await this.#http.ask({ method: "GET", path: "/lora-adapters" }, listSchema);
    if (listed.ok) this.#ids = listed.value.map(({ id }) => id);
    return listed;
  }

  names(): readonly string[] {
    return [...this.#idOfName.keys()];
  }

  /** Gives the adapter that the server read from a path a name. */
  async find(name: string, path: string): Promise<Outcome<void>> {
    const listed = await this.refresh();
    if (!listed.ok) return listed;
    const found = listed.value.find((adapter) => adapter.path === path);
    if (found === undefined) {
      const paths = listed.value.map((adapter) => adapter.path).join(", ");
      const message = `llama-server was started without ${path}; it has ${paths === "" ? "no adapter" : paths}`;
      return fail(engineFailure("engine-refused-request", message));
    }
    this.#idOfName.set(name, found.id);
    return succeed(undefined);
  }

  forget(name: string): void {
    this.#idOfName.delete(name);
  }

  /** Every adapter by name: without any, the server would use the scales it was started with. */
  scales(name: string | null): Outcome<Scales> {
    const active = name === null ? undefined : this.#idOfName.get(name);
    if (name !== null && active === undefined) {
      return fail(engineFailure("adapter-unknown", `llama-server has no adapter "${name}"`));
    }
    return succeed(this.#ids.map((id) => ({ id, scale: id === active ? 1 : 0 })));
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
}
