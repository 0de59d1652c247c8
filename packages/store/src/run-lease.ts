import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { LitmusError } from "@litmus/core";
import type { RunId } from "@litmus/core";
import { and, eq, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { Database } from "./database.ts";
import type { Timing } from "@litmus/core";
import { runLeases } from "./schema.ts";

/**
 * @file One training process a run. The holder's row ends by the server's clock unless it is renewed; whoever wants the run waits for
 * that end, and gives up when the row is renewed meanwhile: then the holder lives. No process of another machine need be asked.
 */

/** The right to train a run, while it lasts. */
export interface RunLease {
  readonly runId: RunId;
  /** Aborted, with a LitmusError `conflict` as its reason, when the run is no longer held: whoever trains must stop. */
  readonly lost: AbortSignal;
  /** Lets another process have the run at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly runId: RunId;
  /** Without a renewal, another process may take the run after so long. */
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  readonly timing: Timing;
  /** Runs work on the database, as one statement or transaction. */
  readonly use: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
}

interface Holder {
  readonly nonce: string;
  readonly host: string;
  readonly processId: number;
  /** The server's time, as text: another one means that the lease was renewed. */
  readonly expiresAt: string;
  readonly remainingMs: number;
}

/** Waits at most so long before it looks again whether the holder has ended. */
const lookEveryMs = 1000;

/**
 * Takes a run for this process. One whose holder has died is taken once its lease has ended.
 * @throws LitmusError `conflict` when another process holds the run, with its number and machine
 */
export async function takeRunLease(options: LeaseOptions): Promise<RunLease> {
  const { runId } = options;
  const nonce = randomUUID();
  const askedMs = await waitForLease(options, nonce);
  const lost = new AbortController();
  const released = new AbortController();
  const keeping = keepLease({ ...options, nonce, heldUntilMs: askedMs + options.leaseMs, released: released.signal });
  const watched = keeping.then((reason) => {
    if (reason !== null) lost.abort(reason);
  });
  return {
    runId,
    lost: lost.signal,
    release: async () => {
      released.abort();
      await watched;
      await options.use((database) => database.delete(runLeases).where(isHeldBy(runId, nonce)));
    },
  };
}

/** Returns the local time at which the statement that took the lease was sent: the lease ends later than that by its length. */
async function waitForLease(options: LeaseOptions, nonce: string): Promise<number> {
  const { runId, timing } = options;
  let seen: Holder | null = null;
  for (;;) {
    const askedMs = timing.monotonicMs();
    if (await options.use((database) => tryTake(database, options, nonce))) return askedMs;
    const holder = await options.use((database) => readHolder(database, runId));
    if (holder === null) continue;
    if (seen !== null && seen.expiresAt !== holder.expiresAt) throw heldBy(runId, holder);
    seen = holder;
    await timing.wait(Math.min(lookEveryMs, Math.max(1, holder.remainingMs)));
  }
}

async function tryTake(database: Database, { runId, leaseMs }: LeaseOptions, nonce: string): Promise<boolean> {
  const holder = { nonce, host: hostname(), processId: process.pid, expiresAt: leaseEnd(leaseMs) };
  const taken = await database
    .insert(runLeases)
    .values({ runId, ...holder })
    .onConflictDoUpdate({
      target: runLeases.runId,
      set: holder,
      setWhere: sql`${runLeases.expiresAt} <= now() or ${runLeases.nonce} = ${nonce}`,
    })
    .returning({ nonce: runLeases.nonce });
  return taken.length > 0;
}

async function readHolder(database: Database, runId: RunId): Promise<Holder | null> {
  const [row] = await database
    .select({
      nonce: runLeases.nonce,
      host: runLeases.host,
      processId: runLeases.processId,
      expiresAt: sql<string>`${runLeases.expiresAt}::text`,
      remainingMs: sql`extract(epoch from ${runLeases.expiresAt} - now()) * 1000`.mapWith(Number),
    })
    .from(runLeases)
    .where(eq(runLeases.runId, runId));
  return row ?? null;
}

interface Keeping extends LeaseOptions {
  readonly nonce: string;
  readonly heldUntilMs: number;
  readonly released: AbortSignal;
}

/** Renews until released. Resolves to null then, or to the reason when the lease is lost. */
async function keepLease(keeping: Keeping): Promise<LitmusError | null> {
  const { runId, timing, released, leaseMs } = keeping;
  let { heldUntilMs } = keeping;
  for (;;) {
    const leftMs = Math.max(0, heldUntilMs - timing.monotonicMs());
    await timing.wait(Math.min(keeping.renewEveryMs, leftMs), released);
    if (released.aborted) return null;
    const askedMs = timing.monotonicMs();
    const answered = new AbortController();
    const answer = await Promise.race([renew(keeping), silence(timing, heldUntilMs - askedMs, answered.signal)]);
    answered.abort();
    if (answer.type === "taken") return lostTo(runId);
    if (answer.type === "renewed") heldUntilMs = askedMs + leaseMs;
    else if (timing.monotonicMs() >= heldUntilMs) return unrenewed(runId, answer.cause);
  }
}

type Renewal =
  | { readonly type: "renewed" }
  | { readonly type: "taken" }
  | { readonly type: "unanswered"; readonly cause: unknown };

async function renew({ use, runId, nonce, leaseMs }: Keeping): Promise<Renewal> {
  try {
    const renewed = await use((database) =>
      database
        .update(runLeases)
        .set({ expiresAt: leaseEnd(leaseMs) })
        .where(isHeldBy(runId, nonce))
        .returning({ nonce: runLeases.nonce }),
    );
    return { type: renewed.length > 0 ? "renewed" : "taken" };
  } catch (cause) {
    return { type: "unanswered", cause };
  }
}

async function silence(timing: Timing, forMs: number, signal: AbortSignal): Promise<Renewal> {
  await timing.wait(Math.max(0, forMs), signal);
  return { type: "unanswered", cause: undefined };
}

const isHeldBy = (runId: RunId, nonce: string): SQL | undefined =>
  and(eq(runLeases.runId, runId), eq(runLeases.nonce, nonce));

const leaseEnd = (leaseMs: number): SQL => sql`now() + ${leaseMs}::double precision * interval '1 millisecond'`;

function heldBy(runId: RunId, { processId, host, remainingMs }: Holder): LitmusError {
  const seconds = Math.ceil(Math.max(0, remainingMs) / 1000);
  return new LitmusError("conflict", `run ${runId} is being trained by process ${processId} on ${host}`, {
    hint: `wait until it ends, or stop it; if it is gone, the run is free in ${seconds} s`,
  });
}

const lostTo = (runId: RunId): LitmusError =>
  new LitmusError(
    "conflict",
    `run ${runId} was taken over by another process, because this one did not renew its hold`,
    {
      hint: "let the other process go on, or stop it and run the same command again",
    },
  );

const unrenewed = (runId: RunId, cause: unknown): LitmusError =>
  new LitmusError("conflict", `run ${runId} is no longer held: the server did not answer in time`, {
    hint: "check the server, then run the same command again: nothing stored is lost",
    retryable: true,
    cause,
  });
