import { type CorpusRecord, LitmusError, type Outcome } from "@litmus/core";
import { CircuitBreaker } from "../remote/circuit-breaker.ts";
import { type RetryOptions, sendWithRetries } from "../remote/send-with-retries.ts";
import type { Timing } from "@litmus/core";
import { chunksOf, type RecordSource, skipLoaded } from "./record-chunks.ts";
import { ContentSum } from "./content-sum.ts";
import type { DeadLetterFile } from "./dead-letter-file.ts";
import type { LoadProgress } from "./index-meta.ts";
import { type BulkTarget, sendBulk } from "./send-bulk.ts";

export interface BulkOptions {
  /** Text of one request, in bytes, about. Default 5 MiB. */
  readonly maxBytes?: number;
  /** Requests under way at once: the source is read no faster than they are answered. Default 4. */
  readonly concurrency?: number;
  /** For one request, in milliseconds. Default 120,000. */
  readonly timeoutMs?: number;
  /** Default 10 attempts, waits up to 0.5 s, 1 s, 2 s … 60 s. */
  readonly retry?: RetryOptions;
  /** Records between two checkpoints, about: as many are sent again after an interruption. Default 100,000. */
  readonly checkpointEvery?: number;
  /** More rejected records stop the build. Default 10,000. */
  readonly maxRejected?: number;
}

export interface LoadOptions {
  readonly target: BulkTarget;
  readonly records: RecordSource;
  readonly deadLetters: DeadLetterFile;
  /** Where an earlier attempt ended. */
  readonly from: LoadProgress;
  readonly bulk: Required<Omit<BulkOptions, "timeoutMs">>;
  readonly timing: Timing;
  readonly signal: AbortSignal | undefined;
  /** Makes durable what is loaded, then notes the progress. */
  readonly saveProgress: (progress: LoadProgress) => Promise<void>;
  readonly onProgress: (progress: LoadProgress) => void;
}

interface Sending {
  readonly chunk: readonly CorpusRecord[];
  readonly outcomes: Promise<readonly Outcome<"loaded">[]>;
}

/**
 * Loads the records that an earlier attempt did not. Requests overlap, but are settled in the order of the source, so
 * that progress is one number.
 * @throws LitmusError `unavailable` when the server keeps failing, `interrupted`, `conflict` when the source is not the
 * one that the progress tells of, `invalid-data` when too many records are rejected, and errors of {@link sendBulk}
 */
export async function loadRecords(options: LoadOptions): Promise<LoadProgress> {
  const { bulk, signal, records, from } = options;
  const failed = new AbortController();
  const ending = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const load = new Load(options);
  const underWay: Sending[] = [];
  try {
    for await (const chunk of chunksOf(skipLoaded(records, from), bulk.maxBytes)) {
      const outcomes = send(chunk, options, ending);
      // Whoever settles it hears of the rejection; until then it must not count as unheard.
      outcomes.catch(() => undefined);
      underWay.push({ chunk, outcomes });
      if (underWay.length >= bulk.concurrency) await load.settle(underWay.shift());
    }
    while (underWay.length > 0) await load.settle(underWay.shift());
    return await load.checkpoint();
  } finally {
    failed.abort();
  }
}

function send(chunk: readonly CorpusRecord[], { target, bulk, timing }: LoadOptions, signal: AbortSignal) {
  // Loading waits for an overloaded server instead of giving it up.
  const breaker = new CircuitBreaker(timing, { failuresToOpen: Infinity });
  const sendOnce = (records: readonly CorpusRecord[], ending: AbortSignal) => sendBulk(target, records, ending);
  return sendWithRetries(chunk, sendOnce, { retry: bulk.retry, breaker, timing, signal });
}

class Load {
  readonly #options: LoadOptions;
  readonly #readSum: ContentSum;
  readonly #loadedSum: ContentSum;
  #records: number;
  #rejected: number;
  #saved: number;

  constructor(options: LoadOptions) {
    const { records, rejected, readSum, loadedSum } = options.from;
    this.#options = options;
    this.#records = this.#saved = records;
    this.#rejected = rejected;
    this.#readSum = new ContentSum(readSum);
    this.#loadedSum = new ContentSum(loadedSum);
  }

  async settle(sending: Sending | undefined): Promise<void> {
    if (sending === undefined) return;
    const outcomes = await sending.outcomes;
    if (this.#options.signal?.aborted === true) throw interrupted();
    for (const [place, record] of sending.chunk.entries()) await this.#count(record, outcomes[place]);
    const { bulk, onProgress } = this.#options;
    onProgress(this.#progress());
    if (this.#records - this.#saved >= bulk.checkpointEvery) await this.checkpoint();
  }

  async checkpoint(): Promise<LoadProgress> {
    const progress = this.#progress();
    await this.#options.deadLetters.sync();
    await this.#options.saveProgress(progress);
    this.#saved = this.#records;
    return progress;
  }

  async #count(record: CorpusRecord, outcome: Outcome<"loaded"> | undefined): Promise<void> {
    this.#records++;
    this.#readSum.add(record);
    if (outcome?.ok === true) return this.#loadedSum.add(record);
    if (outcome === undefined || outcome.failure.retryable) throw unavailable(outcome?.failure.message);
    await this.#options.deadLetters.append(record, outcome.failure);
    this.#rejected++;
    if (this.#rejected > this.#options.bulk.maxRejected) throw tooManyRejected(this.#rejected, outcome.failure.message);
  }

  #progress(): LoadProgress {
    const [readSum, loadedSum] = [String(this.#readSum), String(this.#loadedSum)];
    return { records: this.#records, rejected: this.#rejected, readSum, loadedSum };
  }
}

const interrupted = (): LitmusError =>
  new LitmusError("interrupted", "building the index was interrupted", {
    hint: "Run the same build again: it goes on.",
  });

const unavailable = (message = "it gave no answer"): LitmusError =>
  new LitmusError("unavailable", `the search server takes no more records: ${message}`, {
    hint: "When the server is well again, run the same build again: it goes on.",
    retryable: true,
  });

const tooManyRejected = (rejected: number, message: string): LitmusError =>
  new LitmusError("invalid-data", `the server rejected ${rejected} records, the last one with: ${message}`, {
    hint: "The dead-letter file holds them with their reasons; raise maxRejected if they may be missing.",
  });
