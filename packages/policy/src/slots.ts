import { CachedSequence } from "./cached-sequence.ts";
import type { SequenceEngine } from "./sequence-engine.ts";

/** A sequence lent to one episode from its first turn until its release. */
export interface Slot {
  readonly sequence: CachedSequence;
  episodeId: string | null;
}

/** The sequences that decode; the lowest ids are lent first, so that they follow each other. */
export class Slots {
  readonly all: readonly Slot[];
  readonly #engine: SequenceEngine;

  constructor(engine: SequenceEngine, count: number) {
    this.#engine = engine;
    this.all = Array.from({ length: count }, (_, id) => ({
      sequence: new CachedSequence(engine, id),
      episodeId: null,
    }));
  }

  of(episodeId: string): Slot | undefined {
    return this.all.find((slot) => slot.episodeId === episodeId);
  }

  /** The free slot of the lowest id, now the episode's; undefined when all are lent. */
  lend(episodeId: string): Slot | undefined {
    const slot = this.#free()[0];
    if (slot !== undefined) slot.episodeId = episodeId;
    return slot;
  }

  release(slot: Slot): void {
    slot.episodeId = null;
    slot.sequence.clear();
  }

  /** Moves the lent sequence of the highest id to the lowest free id below it, if there is one. */
  async closeGap(): Promise<void> {
    const free = this.#free()[0];
    const last = this.all
      .filter((slot) => slot.episodeId !== null)
      .sort(byId)
      .at(-1);
    if (free === undefined || last === undefined || !this.#engine.canCopy || free.sequence.id > last.sequence.id)
      return;
    const id = last.sequence.id;
    await this.#engine.copy(id, free.sequence.id);
    this.#engine.clear(id);
    last.sequence.id = free.sequence.id;
    free.sequence.id = id;
  }

  #free(): Slot[] {
    return this.all.filter((slot) => slot.episodeId === null).sort(byId);
  }
}

function byId(a: Slot, b: Slot): number {
  return a.sequence.id - b.sequence.id;
}
