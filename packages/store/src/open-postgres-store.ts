import type { RunId, TrajectoryStore } from "@litmus/core";
import type { RunLease } from "./run-lease.ts";

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

/**
 * Opens the store of a Postgres server, version 15 or later, and brings its tables to this version's. A call that fails because the
 * server restarts or a transaction lost against another is run again, whole: writes are idempotent by key.
 * @throws LitmusError `invalid-config` for a bad address, user or password; `not-found` when there is no such database; `unavailable` when
 * the server cannot be reached; `incompatible` when it is too old, not in UTF8, or holds tables of something else
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<OpenPostgresStore> {
  // Loaded here, because the driver and drizzle take memory that a process whose store is a folder needs not.
  const { createPostgresStore } = await import("./create-postgres-store.ts");
  return createPostgresStore(options);
}
