import { LitmusError } from "@litmus/core";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { createGate } from "./create-gate.ts";
import type { Database } from "./database.ts";
import { leavesConnection } from "./postgres-error.ts";
import type { PostgresUrl } from "./postgres-url.ts";
import * as schema from "./schema.ts";

export interface ConnectionOptions {
  readonly url: PostgresUrl;
  /** At once. */
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Connections to one server. */
export interface Connections {
  /** Runs work on a connection of its own; waits, without limit and in order, while all are in use. */
  use<T>(work: (database: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A process that was stopped in a transaction must not keep its locks for ever. */
const idleTransactionTimeoutMs = 60_000;
/** The client waits longer than the server, so that the server's answer is the one that is heard. */
const graceMs = 5000;

/** A pool whose broken connections are thrown away. Nothing is connected yet. */
export function createConnections(options: ConnectionOptions): Connections {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.maxConnections,
    query_timeout: options.statementTimeoutMs + graceMs,
    verify: (client, done) => void prepareSession(client, options.statementTimeoutMs).then(() => done(), done),
  });
  // A connection that breaks while nobody uses it is gone from the pool; while one does, the call under way rejects.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  const gate = createGate(options.maxConnections);
  let closing: Promise<void> | undefined;
  return {
    use: (work) =>
      gate(() => {
        if (closing !== undefined) throw new LitmusError("unavailable", "the store is closed");
        return useClient(pool, work);
      }),
    close: () => (closing ??= pool.end()),
  };
}

async function useClient<T>(pool: pg.Pool, work: (database: Database) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    const result = await work(drizzle(client, { schema }));
    isBroken = false;
    return result;
  } catch (error) {
    isBroken = !leavesConnection(error);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/** How to reach the server; the settings of a session come once it stands, because poolers refuse them earlier. */
export function connectionConfig({
  url,
  connectTimeoutMs,
}: Pick<ConnectionOptions, "url" | "connectTimeoutMs">): pg.ClientConfig {
  return {
    connectionString: url.secret,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "litmus",
    keepAlive: true,
  };
}

/** What the store relies on, whatever the server's or the user's defaults are. @param statementTimeoutMs 0 is no limit */
export async function prepareSession(client: pg.ClientBase, statementTimeoutMs: number): Promise<void> {
  const settings = {
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(idleTransactionTimeoutMs),
    default_transaction_isolation: "read committed",
    extra_float_digits: "1",
  };
  await client.query(
    "SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS given (name, value)",
    [Object.keys(settings), Object.values(settings)],
  );
  // An acknowledged write must be on disk; stricter settings than that stay.
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
  );
}
