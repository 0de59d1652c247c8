import { LitmusError } from "@litmus/core";
import { findAnywhere } from "./checkpoints.ts";
import { RemoteModel } from "./remote-model.ts";
import type { RemoteLora } from "./remote-model.ts";
import type { Connection } from "./tinker-service.ts";

/** Opens models from checkpoints by name. */
export class StateModels {
  readonly #connection: Connection;
  readonly #lora: RemoteLora;
  readonly #paths = new Map<string, string>();

  constructor(connection: Connection, lora: RemoteLora) {
    this.#connection = connection;
    this.#lora = lora;
  }

  /** Spares a search of the server's list. */
  remember(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  knows(name: string): boolean {
    return this.#paths.has(name);
  }

  /** @param name of a checkpoint; null = fresh, which equals the base. @throws LitmusError `not-found` when the server has none */
  async open(name: string | null, { withOptimizer = true } = {}): Promise<RemoteModel> {
    const from = name === null ? null : { path: await this.#pathOf(name), withOptimizer };
    return RemoteModel.open(this.#connection, this.#lora, from);
  }

  async #pathOf(name: string): Promise<string> {
    const path = this.#paths.get(name) ?? (await findAnywhere(this.#connection.http, name));
    if (path === null) {
      throw new LitmusError("not-found", `the Tinker server has no checkpoint ${name}`, {
        hint: "was its storage cleared, or is this another server? An earlier saved state may still be there",
      });
    }
    this.remember(name, path);
    return path;
  }
}
