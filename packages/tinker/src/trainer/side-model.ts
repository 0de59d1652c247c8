import type { RemoteModel } from "../service/remote-model.ts";
import type { StateModels } from "../service/state-models.ts";

/** A second, never trained model for the log-probabilities of other weights; the latest one is kept. */
export class SideModel {
  readonly #models: StateModels;
  #latest: { readonly name: string | null; readonly model: RemoteModel } | null = null;

  constructor(models: StateModels) {
    this.#models = models;
  }

  /** @param name of a checkpoint; null = the base. @throws LitmusError as {@link StateModels.open} */
  async of(name: string | null): Promise<RemoteModel> {
    if (this.#latest?.name === name && this.#latest !== null) return this.#latest.model;
    await this.close();
    const model = await this.#models.open(name);
    this.#latest = { name, model };
    return model;
  }

  async close(): Promise<void> {
    await this.#latest?.model.discard();
    this.#latest = null;
  }
}
