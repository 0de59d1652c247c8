import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import pg from "pg";

/** The server for tests: `packages/testing/services/start-postgres.mjs` starts one, and sets its address. */
export const serverUrl = process.env["LITMUS_TEST_POSTGRES"];

type Rows = readonly Readonly<Record<string, unknown>>[];

/** An empty database of its own on the server for tests. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** On a connection that the store does not know. */
  query(statement: string, values?: unknown[]): Promise<Rows>;
  /** How many sessions of the database wait for a lock. */
  waiting(): Promise<number>;
  /** Resolves when so many wait. */
  untilWaiting(count: number): Promise<void>;
  drop(): Promise<void>;
}

/** @param options what follows `CREATE DATABASE name` */
export async function createTestDatabase(options = ""): Promise<TestDatabase> {
  const name = `litmus_test_${randomUUID().replaceAll("-", "")}`;
  await onServer(`CREATE DATABASE ${name} ${options}`);
  const url = new URL(serverUrl ?? "");
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href, application_name: "test" });
  client.on("error", () => undefined);
  await client.connect();
  const query = async (statement: string, values: unknown[] = []): Promise<Rows> =>
    (await client.query<Record<string, unknown>>(statement, values)).rows;
  const waiting = async (): Promise<number> => {
    // Within a transaction the server would show what it showed first.
    await query("SELECT pg_stat_clear_snapshot()");
    const locked = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    return (await query(locked)).length;
  };
  return {
    name,
    url: url.href,
    query,
    waiting,
    untilWaiting: async (count) => {
      while ((await waiting()) < count) await setTimeout(20);
    },
    drop: async () => {
      await client.end();
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Runs one statement in the server's own database. */
export async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
