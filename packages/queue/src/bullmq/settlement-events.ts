import { setTimeout } from "node:timers/promises";
import { QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import type { QueueNames } from "./queue-names.ts";

const closingMs = 1_000;

/** Ids of jobs that were said to have settled. Events can be lost or late: whoever reads them looks for himself. */
export class SettlementHints {
  readonly #wanted: ReadonlySet<string>;
  #said = new Set<string>();
  #wake = Promise.withResolvers<void>();

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  say(id: string): void {
    if (!this.#wanted.has(id)) return;
    this.#said.add(id);
    this.#wake.resolve();
  }

  /** Waits for an id, for at most so many milliseconds. @returns all ids since the last call, in their order */
  async next(longestMs: number, signal: AbortSignal): Promise<readonly string[]> {
    const over = new AbortController();
    const ends = AbortSignal.any([signal, over.signal]);
    if (this.#said.size === 0)
      await Promise.race([
        this.#wake.promise,
        setTimeout(longestMs, undefined, { signal: ends }).catch(() => undefined),
      ]);
    over.abort();
    const said = [...this.#said];
    this.#said = new Set();
    this.#wake = Promise.withResolvers();
    return said;
  }
}

/** Listens to the events of a queue, on a connection of its own. */
export class SettlementEvents {
  readonly #events: QueueEvents;
  readonly #listeners = new Set<SettlementHints>();

  /** @param template what the connection becomes a copy of; it is disconnected */
  constructor(template: Redis, names: QueueNames) {
    this.#events = new QueueEvents(names.queue, { connection: template, prefix: names.prefix, skipVersionCheck: true });
    template.disconnect();
    const say = ({ jobId }: { readonly jobId: string }): void => {
      for (const listener of this.#listeners) listener.say(jobId);
    };
    // Without events the dispatches still poll.
    this.#events
      .on("completed", say)
      .on("failed", say)
      .on("error", () => undefined);
  }

  listen(hints: SettlementHints): void {
    this.#listeners.add(hints);
  }

  leave(hints: SettlementHints): void {
    this.#listeners.delete(hints);
  }

  async close(): Promise<void> {
    // BullMQ waits for an event that the client does not give while it reconnects; nothing is left open then.
    const over = new AbortController();
    const closed = this.#events.close().finally(() => over.abort());
    await Promise.race([closed, setTimeout(closingMs, undefined, { signal: over.signal }).catch(() => undefined)]);
  }
}
