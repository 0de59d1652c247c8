import type { Failure, Outcome, SampleRequest, ScoreRequest } from "@litmus/core";
import { gapsToFill, planRows } from "./batch-plan.ts";
import type { PlannedRow } from "./batch-plan.ts";
import { CachedSequence } from "./cached-sequence.ts";
import { PrefixCache } from "./prefix-cache.ts";
import { ScoreWork } from "./score-work.ts";
import type { Scores } from "./score-work.ts";
import type { EvaluationRow, SequenceEngine } from "./sequence-engine.ts";
import { findSharedContext } from "./shared-context.ts";
import type { Evaluated } from "./shared-context.ts";
import { Slots } from "./slots.ts";
import { TurnWork } from "./turn-work.ts";
import type { Action } from "./turn-work.ts";
import { abortedFailure } from "./unless-aborted.ts";
import type { Work } from "./work.ts";

/** Running totals since the model was loaded. */
export interface SchedulerCounters {
  ticks: number;
  /** Slots at work, summed over ticks. */
  busySlots: number;
  sampledTokens: number;
  /** Evaluated tokens that were not sampled in the same turn. */
  prefilledTokens: number;
}

/** Milliseconds that a tick waits for the next turn of an episode that has searched: less than a slot without work costs. */
const lingerMs = 5;
const mostWaitsInVain = 4;

export interface SchedulerOptions {
  readonly slots: number;
  readonly counters: SchedulerCounters;
}

/**
 * Runs the turns of many episodes in lockstep: every tick evaluates one batch, with one token of each decoding turn.
 * What several contexts begin with is evaluated once.
 * Sequences [0, slots) decode, the last one scores, those between keep shared prefixes.
 */
export class LockstepScheduler {
  readonly #engine: SequenceEngine;
  readonly #counters: SchedulerCounters;
  readonly #slots: Slots;
  readonly #prefixes: PrefixCache;
  readonly #scoring: CachedSequence;
  readonly #turns = new Map<string, TurnWork>();
  readonly #scores: ScoreWork[] = [];
  readonly #released = new Set<string>();
  #isRunning = false;
  #hasNews = false;
  /** Turns in the last tick. */
  #seated = 0;
  #afterNews: () => void = () => undefined;
  /** How often in a row nobody came in time. */
  #waitsInVain = 0;

  constructor(engine: SequenceEngine, options: SchedulerOptions) {
    const last = engine.sequences - 1;
    const prefixes = engine.canCopy ? last - options.slots : 0;
    const prefixIds = Array.from({ length: prefixes }, (_, i) => options.slots + i);
    this.#engine = engine;
    this.#counters = options.counters;
    this.#slots = new Slots(engine, options.slots);
    this.#prefixes = new PrefixCache(prefixIds.map((id) => new CachedSequence(engine, id)));
    this.#scoring = new CachedSequence(engine, last);
  }

  /** Samples one action. An episode keeps its slot until it is released; others wait for one, first come, first served. */
  sample(request: SampleRequest): Promise<Outcome<Action>> {
    return new Promise((resolve) => {
      const turn = new TurnWork(this.#engine, request, resolve);
      if (this.#turns.get(request.episodeId)?.finished === false) return turn.fail(busyEpisode(request.episodeId));
      this.#turns.set(request.episodeId, turn);
      this.#wake();
    });
  }

  score(requests: readonly ScoreRequest[]): { readonly outcome: Promise<Outcome<Scores>>; readonly abort: () => void } {
    const { promise, resolve } = Promise.withResolvers<Outcome<Scores>>();
    const work = new ScoreWork(this.#engine, { sequence: this.#scoring, requests, settle: resolve });
    this.#scores.push(work);
    this.#wake();
    return { outcome: promise, abort: () => work.fail(abortedFailure) };
  }

  /** Frees the episode's slot at the next tick; a turn under way fails. */
  release(episodeId: string): void {
    this.#turns.get(episodeId)?.fail(abortedFailure);
    this.#turns.delete(episodeId);
    this.#released.add(episodeId);
    this.#wake();
  }

  #wake(): void {
    this.#hasNews = true;
    this.#afterNews();
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    do {
      await this.#gather();
      this.#hasNews = false;
    } while ((await this.#tick()) || this.#hasNews);
    this.#isRunning = false;
  }

  /** Lets requests that arrive together share a tick, and episodes whose turn has just ended ask for the next. */
  async #gather(): Promise<void> {
    await nextEventLoopTurn();
    const isFilled = (): boolean => this.#turnsWithSlot() >= this.#seated;
    if (isFilled() || this.#turnsWithSlot() === 0 || !this.#isWorthWaiting()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#waitsInVain++;
        resolve();
      }, lingerMs);
      this.#afterNews = () => {
        if (!isFilled()) return;
        clearTimeout(timer);
        this.#waitsInVain = 0;
        resolve();
      };
    });
    this.#afterNews = () => undefined;
  }

  /** Where searches take longer than the wait, it is tried now and then alone. */
  #isWorthWaiting(): boolean {
    if (this.#waitsInVain < mostWaitsInVain) return true;
    this.#waitsInVain = (this.#waitsInVain + 1) % (mostWaitsInVain * 10);
    return false;
  }

  /** Unfinished turns that hold a slot, or find one free. */
  #turnsWithSlot(): number {
    const open = [...this.#turns].filter(([, turn]) => !turn.finished);
    const holding = open.filter(([id]) => this.#slots.of(id) !== undefined).length;
    const isFree = (id: string | null): boolean => id === null || this.#released.has(id);
    const free = this.#slots.all.filter(({ episodeId }) => isFree(episodeId)).length;
    return holding + Math.min(free, open.length - holding);
  }

  /** False when nothing was evaluated: only a call from outside can change that. */
  async #tick(): Promise<boolean> {
    this.#forgetFinished();
    this.#freeReleased();
    const turns = await this.#startTurns();
    this.#seated = turns.length;
    if (turns.length > 0 && turns.length === this.#turns.size) await this.#slots.closeGap();
    this.#scores[0]?.start();
    const planned = planRows(
      [...turns, ...this.#prefixes.works, ...this.#scores.slice(0, 1)],
      this.#engine.batchTokens,
    );
    if (planned.length > 0) await this.#evaluate(planned, turns);
    return planned.length > 0;
  }

  #freeReleased(): void {
    for (const episodeId of this.#released) {
      const slot = this.#slots.of(episodeId);
      if (slot !== undefined) this.#slots.release(slot);
    }
    this.#released.clear();
  }

  /** Turns that hold a slot, started or waiting for their prefix. */
  async #startTurns(): Promise<TurnWork[]> {
    const seated: TurnWork[] = [];
    for (const [episodeId, turn] of this.#turns) {
      const slot = this.#slots.of(episodeId) ?? this.#slots.lend(episodeId);
      if (slot === undefined) continue;
      seated.push(turn);
      if (!turn.started) await this.#start(turn, slot.sequence);
    }
    return seated;
  }

  async #start(turn: TurnWork, sequence: CachedSequence): Promise<void> {
    const { tokens, sharedPrefixLength } = turn.request;
    const shared = Math.min(sharedPrefixLength, tokens.length - 1);
    const isNew = sequence.length === 0 && tokens.length < this.#engine.contextTokens;
    const state = isNew ? await this.#prefixes.provide(sequence, tokens, shared) : "ready";
    if (state === "ready" && (await this.#share(turn, sequence))) turn.start(sequence);
  }

  /** Takes over what another episode's sequence holds of the turn's context; false while that is being evaluated. */
  async #share(turn: TurnWork, sequence: CachedSequence): Promise<boolean> {
    if (!this.#engine.canCopy) return true;
    const shared = findSharedContext(turn.context, sequence, this.#evaluatedBeside(sequence));
    if (shared.type === "copy") await sequence.copyFrom(shared.source);
    return shared.type !== "wait";
  }

  /** The other slots' sequences. */
  #evaluatedBeside(own: CachedSequence): Evaluated[] {
    const atWork = [...this.#turns.values()].filter((turn) => turn.pending > 0);
    const targets = new Map(atWork.map((turn) => [turn.sequence, turn.context]));
    return this.#slots.all
      .map(({ sequence }) => ({ sequence, target: targets.get(sequence) ?? sequence.tokens }))
      .filter(({ sequence }) => sequence !== own);
  }

  async #evaluate(planned: readonly PlannedRow[], turns: readonly TurnWork[]): Promise<void> {
    const fillers = this.#fillers(planned);
    const rows = [...planned.map(({ row }) => row), ...fillers.map(fillingRow)].sort((a, b) => a.sequence - b.sequence);
    try {
      const outputs = await this.#engine.evaluate(rows);
      for (const sequence of fillers) sequence.dropUnrecorded();
      this.#count(planned, turns.length);
      const outputsOf = new Map(rows.map((row, i) => [row, outputs[i] ?? []]));
      // All of them, also after a failure: draws read what the next evaluation overwrites.
      const advanced = await Promise.allSettled(
        planned.map(({ work, row }) => work.advance(row, outputsOf.get(row) ?? [])),
      );
      const failed = advanced.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    } catch (error) {
      this.#failAll([...planned.map(({ work }) => work), ...turns], error);
    }
  }

  /** Idle sequences whose evaluation makes the batch cheaper. */
  #fillers(planned: readonly PlannedRow[]): CachedSequence[] {
    const sequences = new Map(this.#slots.all.map((slot) => [slot.sequence.id, slot.sequence]));
    const used = planned.map(({ row }) => row.sequence).filter((id) => sequences.has(id));
    const room = this.#engine.batchTokens - evaluatedTokens(planned);
    const hasRoom = (id: number): boolean => (sequences.get(id)?.length ?? Infinity) < this.#engine.contextTokens;
    return gapsToFill(used, hasRoom)
      .slice(0, room)
      .flatMap((id) => sequences.get(id) ?? []);
  }

  #failAll(works: readonly Work[], error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    for (const work of works) work.fail({ boundary: "policy", code: "evaluation-failed", message, retryable: true });
    // What an interrupted batch left in the caches is unknown.
    for (const slot of this.#slots.all) slot.sequence.clear();
    this.#scoring.clear();
  }

  #count(planned: readonly PlannedRow[], busySlots: number): void {
    const decoded = planned.reduce(
      (sum, { work, row }) => sum + (work instanceof TurnWork ? work.sampledIn(row) : 0),
      0,
    );
    const sampled = planned.filter(({ work, row }) => work instanceof TurnWork && row.outputs.length > 0).length;
    this.#counters.ticks++;
    this.#counters.busySlots += busySlots;
    this.#counters.sampledTokens += sampled;
    this.#counters.prefilledTokens += evaluatedTokens(planned) - decoded;
  }

  #forgetFinished(): void {
    for (const [episodeId, turn] of this.#turns) if (turn.finished) this.#turns.delete(episodeId);
    while (this.#scores[0]?.finished === true) this.#scores.shift();
  }
}

function busyEpisode(episodeId: string): Failure {
  const message = `episode ${episodeId} asked for an action while another of its actions was being sampled`;
  return { boundary: "policy", code: "episode-busy", message, retryable: false };
}

function fillingRow(sequence: CachedSequence): EvaluationRow {
  return { sequence: sequence.id, start: sequence.length, tokens: [0], outputs: [] };
}

function evaluatedTokens(planned: readonly PlannedRow[]): number {
  return planned.reduce((sum, { row }) => sum + row.tokens.length, 0);
}

function nextEventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
