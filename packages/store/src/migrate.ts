import { readFileSync } from "node:fs";
import { LitmusError, sha256 } from "@litmus/core";
import type { PGlite } from "@electric-sql/pglite";

/** The migrations in their order. A published one never changes: a new file is added. */
const names = ["0001-initial"] as const;

/**
 * Brings a database to this version's tables. Safe to run twice and to be killed in: each migration and its record are one transaction.
 * @throws LitmusError `incompatible` when the database is newer, or a migration it has run differs from this version's
 */
export async function migrate(pglite: PGlite): Promise<void> {
  await pglite.exec("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL)");
  const { rows } = await pglite.query<{ name: string; sha256: string }>(
    "SELECT name, sha256 FROM migrations ORDER BY name",
  );
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  assertNotNewer([...applied.keys()]);
  for (const name of names) {
    const text = readFileSync(new URL(`./migrations/${name}.sql`, import.meta.url), "utf8");
    const hash = sha256(text.replaceAll("\r\n", "\n"));
    const known = applied.get(name);
    if (known === undefined) await apply(pglite, { name, text, hash });
    else if (known !== hash) throw incompatible(`migration ${name} is not the one that made it`);
  }
}

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

async function apply(pglite: PGlite, { name, text, hash }: Migration): Promise<void> {
  await pglite.transaction(async (transaction) => {
    await transaction.exec(text);
    await transaction.query("INSERT INTO migrations VALUES ($1, $2)", [name, hash]);
  });
}

function assertNotNewer(applied: readonly string[]): void {
  const unknown = applied.filter((name) => !(names as readonly string[]).includes(name));
  if (unknown.length > 0) throw incompatible(`it has run ${unknown.join(", ")}, which this version does not know`);
}

function incompatible(reason: string): LitmusError {
  return new LitmusError("incompatible", `the store was written by another version of litmus: ${reason}`, {
    hint: "open it with the version that wrote it, or choose another folder",
  });
}
