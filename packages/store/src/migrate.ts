import { readFileSync } from "node:fs";
import { LitmusError, sha256 } from "@litmus/core";
import { sqlStateOf } from "./store-error.ts";

/** The migrations in their order. A published one never changes: a new file is added. */
const names = ["0001-initial", "0002-groups-and-leases", "0003-reads", "0004-metric-curves"] as const;

/** Names the lock under which one connection migrates a database; any number that is ours alone. */
export const migrationLockKey = 5_495_178_293;

/** One connection to Postgres: PGlite's, or a server's. */
export interface MigrationConnection {
  /** Statements without values. */
  exec(statements: string): Promise<unknown>;
  query(statement: string, values: unknown[]): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/**
 * Brings a database to this version's tables, all in one transaction. Safe to run twice, to be killed in, and to run in several
 * processes at once: one migrates, the others wait and find it done.
 * @throws LitmusError `incompatible` when the database is newer, is another program's, or a migration it has run differs from
 * this version's
 */
export async function migrate(connection: MigrationConnection): Promise<void> {
  await connection.exec("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    await connection.query("SELECT pg_advisory_xact_lock($1)", [migrationLockKey]);
    await applyMissing(connection, await appliedMigrations(connection));
    await connection.exec("COMMIT");
  } catch (error) {
    // A connection that is gone has rolled back by itself; the first error is the one to tell.
    await connection.exec("ROLLBACK").catch(() => undefined);
    throw isForeignTable(error) ? foreign(error) : error;
  }
}

/** Names and hashes. The table is only made where there is none, so that a user who may not make tables can open a store. */
async function appliedMigrations(connection: MigrationConnection): Promise<ReadonlyMap<string, string>> {
  const found = await connection.query("SELECT to_regclass('migrations') IS NOT NULL AS present", []);
  if (found.rows[0]?.["present"] !== true)
    await connection.exec("CREATE TABLE migrations (name text PRIMARY KEY, sha256 text NOT NULL)");
  const { rows } = await connection.query("SELECT name, sha256 FROM migrations ORDER BY name", []);
  return new Map(rows.map((row) => [String(row["name"]), String(row["sha256"])]));
}

async function applyMissing(connection: MigrationConnection, applied: ReadonlyMap<string, string>): Promise<void> {
  assertNotNewer([...applied.keys()]);
  for (const name of names) {
    const text = readFileSync(new URL(`./migrations/${name}.sql`, import.meta.url), "utf8");
    const hash = sha256(text.replaceAll("\r\n", "\n"));
    const known = applied.get(name);
    if (known !== undefined && known !== hash) throw incompatible(`migration ${name} is not the one that made it`);
    if (known !== undefined) continue;
    await connection.exec(text);
    await connection.query("INSERT INTO migrations VALUES ($1, $2)", [name, hash]);
  }
}

function assertNotNewer(applied: readonly string[]): void {
  const unknown = applied.filter((name) => !(names as readonly string[]).includes(name));
  if (unknown.length > 0) throw incompatible(`it has run ${unknown.join(", ")}, which this version does not know`);
}

/** A column that is missing in `migrations`, or a table that is there already: another program's database. */
const isForeignTable = (error: unknown): boolean => ["42703", "42P07"].includes(sqlStateOf(error) ?? "");

const foreign = (cause: unknown): LitmusError =>
  new LitmusError("incompatible", "the database holds tables of another program", {
    hint: "name an empty database",
    cause,
  });

function incompatible(reason: string): LitmusError {
  return new LitmusError("incompatible", `the store was written by another version of litmus: ${reason}`, {
    hint: "open it with the version that wrote it, or name another folder or database",
  });
}
