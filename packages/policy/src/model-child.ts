/** @file The model's own process: a native crash ends it alone. Started by {@link ModelProcess}. */
import { LoadedModel } from "./loaded-model.ts";
import { LockstepScheduler } from "./lockstep-scheduler.ts";
import { modelRequestSchema } from "./model-messages.ts";
import type { ModelCounters, ModelReply, ModelRequest, ModelSettings } from "./model-messages.ts";

/** Answers the requests of the parent process. */
class ModelServer {
  readonly #counters: ModelCounters = { ticks: 0, busySlots: 0, sampledTokens: 0, prefilledTokens: 0 };
  readonly #aborts = new Map<number, () => void>();
  #model: LoadedModel | null = null;
  #slots = 0;
  #scheduler: LockstepScheduler | null = null;

  async handle(request: ModelRequest): Promise<void> {
    switch (request.type) {
      case "load":
        return reply({ type: "done", id: request.id, result: await attempt(() => this.#load(request.settings)) });
      case "use-adapter":
        return reply({ type: "done", id: request.id, result: await attempt(() => this.#use(request.adapterPath)) });
      case "sample": {
        const outcome = await this.#ready().sample(request.request);
        return reply({ type: "sampled", id: request.id, outcome, counters: this.#counters });
      }
      case "score": {
        const { outcome, abort } = this.#ready().score(request.requests);
        this.#aborts.set(request.id, abort);
        const scores = await outcome;
        this.#aborts.delete(request.id);
        return reply({ type: "scored", id: request.id, outcome: scores, counters: this.#counters });
      }
      case "abort":
        return this.#aborts.get(request.id)?.();
      case "release":
        return this.#ready().release(request.episodeId);
      default:
        return request satisfies never;
    }
  }

  async #load(settings: ModelSettings): Promise<void> {
    this.#model = await LoadedModel.load(settings);
    this.#slots = settings.slots;
    this.#schedule(this.#model);
  }

  async #use(adapterPath: string | null): Promise<void> {
    if (this.#model === null) throw new Error("the model is not loaded");
    await this.#model.useAdapter(adapterPath);
    this.#schedule(this.#model);
  }

  #schedule(model: LoadedModel): void {
    this.#scheduler = new LockstepScheduler(model.engine, { slots: this.#slots, counters: this.#counters });
  }

  #ready(): LockstepScheduler {
    if (this.#scheduler === null) throw new Error("the model is not loaded");
    return this.#scheduler;
  }
}

async function attempt(action: () => Promise<void>): Promise<{ error: string | null }> {
  try {
    await action();
    return { error: null };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function reply(message: ModelReply): void {
  process.send?.(message);
}

const server = new ModelServer();
process.on("message", (message) => {
  void server.handle(modelRequestSchema.parse(message));
});
// The native threads may be busy: an ordinary exit would wait for them, or crash on what they still use.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
