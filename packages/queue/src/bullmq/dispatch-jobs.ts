import type { DispatchOptions, RolloutJob } from "@litmus/core";
import { groupJobId } from "../messages/job-id.ts";
import { writeJob } from "../messages/job-message.ts";
import type { JobRecord, JobRecords } from "./job-records.ts";
import type { LiveAttempts } from "./live-attempts.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { throughOutage } from "./redis-outage.ts";
import { type SettlementEvents, SettlementHints } from "./settlement-events.ts";

/** So many jobs are looked at, or added, in one go. */
const chunkSize = 250;

export interface DispatchParts {
  readonly records: JobRecords;
  readonly events: SettlementEvents;
  readonly attempts: LiveAttempts;
  readonly settings: QueueSettings;
  /** The server's address without credentials. */
  readonly shown: string;
}

type Looked = readonly [id: string, record: JobRecord];
type Settled = Extract<JobRecord, { type: "settled" }> & { readonly id: string };

/** @see RolloutQueue.dispatch */
export async function dispatchJobs(
  parts: DispatchParts,
  jobs: readonly RolloutJob[],
  options: DispatchOptions,
): Promise<void> {
  options.signal.throwIfAborted();
  await new Dispatch(parts, jobs, options).run();
}

class Dispatch {
  readonly #parts: DispatchParts;
  readonly #options: DispatchOptions;
  /** By id, those that have not settled; a group may be asked for more than once. */
  readonly #open = new Map<string, RolloutJob[]>();
  readonly #hints: SettlementHints;

  constructor(parts: DispatchParts, jobs: readonly RolloutJob[], options: DispatchOptions) {
    this.#parts = parts;
    this.#options = options;
    for (const job of jobs.map(writeJob)) {
      const id = groupJobId(job.group);
      this.#open.set(id, [...(this.#open.get(id) ?? []), job]);
    }
    this.#hints = new SettlementHints(new Set(this.#open.keys()));
  }

  async run(): Promise<void> {
    const { events } = this.#parts;
    events.listen(this.#hints);
    try {
      for (const ids of chunksOf([...this.#open.keys()])) await this.#addFresh(ids);
      await this.#settleAll();
    } catch (error) {
      await this.#withdraw(error);
      throw error;
    } finally {
      events.leave(this.#hints);
    }
  }

  /** What settled before this call is stale: it is removed and made again. */
  async #addFresh(ids: readonly string[]): Promise<void> {
    const records = await this.#look(ids);
    await this.#persist(() => this.#parts.records.remove(idsOf(records, "settled")));
    await this.#persist(() => this.#parts.records.withdraw(idsOf(records, "unreadable")));
    await this.#add(idsOf(records, "absent", "settled", "unreadable"));
  }

  async #settleAll(): Promise<void> {
    const { settings } = this.#parts;
    let pollAtMs = performance.now() + settings.pollMs;
    while (this.#open.size > 0) {
      const said = await this.#hints.next(Math.max(0, pollAtMs - performance.now()), this.#options.signal);
      this.#options.signal.throwIfAborted();
      const isPoll = performance.now() >= pollAtMs;
      const ids = isPoll ? [...this.#open.keys()] : said.filter((id) => this.#open.has(id));
      for (const chunk of chunksOf(ids)) await this.#settle(chunk);
      if (isPoll) pollAtMs = performance.now() + settings.pollMs;
    }
  }

  async #settle(ids: readonly string[]): Promise<void> {
    const records = await this.#look(ids);
    const settled: Settled[] = records.flatMap(([id, record]) =>
      record.type === "settled" ? [{ ...record, id }] : [],
    );
    for (const { id, outcome } of settled.toSorted((a, b) => a.finishedAtMs - b.finishedAtMs)) {
      const jobs = this.#open.get(id) ?? [];
      this.#open.delete(id);
      for (const job of jobs) this.#options.onSettled(job, outcome);
    }
    await this.#persist(() => this.#parts.records.withdraw(idsOf(records, "unreadable")));
    const lost = idsOf(records, "absent", "unreadable");
    if (lost.length === 0) return;
    this.#parts.settings.onNotice({
      type: "job-lost",
      message: `jobs that Redis had lost were added again: ${lost.length}`,
    });
    await this.#add(lost);
  }

  async #look(ids: readonly string[]): Promise<readonly Looked[]> {
    const { records } = this.#parts;
    return this.#persist(() =>
      Promise.all(ids.map(async (id) => [id, await records.look(id, this.#jobOf(id))] as const)),
    );
  }

  async #add(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#persist(() => this.#parts.records.add(ids.map((id) => [id, this.#jobOf(id)])));
  }

  #jobOf(id: string): RolloutJob {
    return this.#open.get(id)?.[0] as RolloutJob;
  }

  /** The records first: an attempt that ends while its record stands would count as failed. */
  async #withdraw(reason: unknown): Promise<void> {
    const { records, attempts } = this.#parts;
    const ids = [...this.#open.keys()];
    try {
      for (const chunk of chunksOf(ids)) await records.withdraw(chunk);
    } catch {
      this.#parts.settings.onNotice({
        type: "redis-lost",
        message: "jobs that are not wanted any more could not be removed: a worker may make them",
      });
    }
    for (const id of ids) attempts.abortJob(id, reason);
  }

  #persist<T>(call: () => Promise<T>): Promise<T> {
    const { shown, settings } = this.#parts;
    return throughOutage(call, { shown, outageMs: settings.outageMs, signal: this.#options.signal });
  }
}

const idsOf = (looked: readonly Looked[], ...types: readonly JobRecord["type"][]): string[] =>
  looked.filter(([, { type }]) => types.includes(type)).map(([id]) => id);

function chunksOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / chunkSize);
  return Array.from({ length: count }, (_, place) => ids.slice(place * chunkSize, (place + 1) * chunkSize));
}
