import type { LitmusError, RunId, TrajectoryStore } from "@litmus/core";
import { createDatabaseStore } from "./create-database-store.ts";
import type { Database } from "./database.ts";
import { createConnections } from "./postgres-connections.ts";
import type { Connections } from "./postgres-connections.ts";
import { isTransient, serverError } from "./postgres-error.ts";
import { readPostgresUrl } from "./postgres-url.ts";
import { preparePostgres } from "./prepare-postgres.ts";
import { systemTiming } from "@litmus/core";
import { retryTransient } from "./retry-transient.ts";
import { takeRunLease } from "./run-lease.ts";
import type { RunLease } from "./run-lease.ts";
import { callsOf, drainBeforeClose, storeOf } from "./store-methods.ts";

export interface PostgresStoreOptions {
  /**
   * `postgres://user:password@host:5432/database`, with `?sslmode=verify-full` for TLS. The database exists, in UTF8; its tables are made.
   * Settings of a session must last: a pooler between needs its session mode.
   */
  readonly url: string;
  /** Connections at once; calls beyond that wait for their turn. 10 unless given. */
  readonly maxConnections?: number;
  /** How long connecting may take. 10,000 unless given. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may run. 60,000 unless given. */
  readonly statementTimeoutMs?: number;
  /** How long a call is tried again while the server is away, or other transactions are in its way. 30,000 unless given. */
  readonly retryMs?: number;
}

/** A store on a Postgres server, which any number of processes share. */
export interface OpenPostgresStore extends TrajectoryStore {
  /** Its address, without the password. */
  readonly server: string;
  /**
   * Takes a run for this process, so that no other trains it: the counterpart to the lock of a folder. The run need not be registered yet.
   * Where the holder has died, this takes up to 30 s. Closing the store releases what is held.
   * @throws LitmusError `conflict` when another process holds the run, with its number and machine, after 5 s at most
   */
  holdRun(id: RunId): Promise<RunLease>;
}

const leaseMs = 30_000;
const renewEveryMs = 5000;

/** Runs work on a connection, again while its failures are transient, and makes its errors typed. */
type Use = <T>(work: (database: Database) => Promise<T>) => Promise<T>;

/** The store that {@link OpenPostgresStore} describes, in the calling thread: waiting for a server blocks nothing. */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<OpenPostgresStore> {
  const { maxConnections = 10, connectTimeoutMs = 10_000, statementTimeoutMs = 60_000, retryMs = 30_000 } = options;
  const url = readPostgresUrl(options.url);
  await preparePostgres({ url, connectTimeoutMs }).catch((error: unknown) => {
    throw serverError(error, url);
  });
  const limits = { url, connectTimeoutMs, statementTimeoutMs };
  const connections = createConnections({ ...limits, maxConnections });
  // A renewal must not wait behind the store's own calls.
  const leases = holdRuns(createConnections({ ...limits, maxConnections: 1 }), (error) => serverError(error, url));
  const retry = { forMs: retryMs, isTransient, timing: systemTiming };
  const use: Use = (work) =>
    retryTransient(() => connections.use(work), retry).catch((error: unknown) => {
      throw serverError(error, url);
    });
  const close = async (): Promise<void> => {
    await leases.close();
    await connections.close();
  };
  let closing: Promise<void> | undefined;
  const call = drainBeforeClose((method, args) => {
    if (method === "close") return (closing ??= close());
    // A copy, as a message to a thread is one: a call that is tried again says the same, and all stores take the same values.
    const copy = structuredClone(args);
    return use((database) => callsOf(createDatabaseStore(database, close))(method, copy));
  });
  return { ...storeOf(call), server: url.shown, holdRun: (id) => leases.hold(id) };
}

interface Leases {
  hold(runId: RunId): Promise<RunLease>;
  /** Releases what is held. */
  close(): Promise<void>;
}

function holdRuns(connections: Connections, typed: (error: unknown) => LitmusError): Leases {
  const held = new Set<RunLease>();
  const use: Use = (work) =>
    connections.use(work).catch((error: unknown) => {
      throw typed(error);
    });
  const hold = async (runId: RunId): Promise<RunLease> => {
    const lease = await takeRunLease({ runId, leaseMs, renewEveryMs, timing: systemTiming, use });
    const tracked: RunLease = {
      ...lease,
      release: async () => {
        held.delete(tracked);
        await lease.release();
      },
    };
    held.add(tracked);
    return tracked;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...held].map((lease) => lease.release()));
    await connections.close();
  };
  return { hold, close };
}
