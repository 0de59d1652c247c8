import { readFileSync } from "node:fs";
import { sha256 } from "@litmus/core";
import type { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { startInMemory } from "./start-pglite.ts";

describe("migrate", () => {
  let pglite: PGlite;
  beforeAll(async () => {
    pglite = await startInMemory();
  });
  afterAll(() => pglite.close());

  const tables = async (): Promise<unknown> =>
    (
      await pglite.query(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
      )
    ).rows;

  it("makes the tables once, however often it runs", async () => {
    await migrate(pglite);
    const made = await tables();
    await pglite.query(
      "INSERT INTO runs (id, name, status, config_hash, manifest, created_at) VALUES ('a', '', 'running', '', '{}', '')",
    );
    await migrate(pglite);
    expect(await tables()).toEqual(made);
    expect((await pglite.query("SELECT id FROM runs")).rows).toEqual([{ id: "a" }]);
  });

  it("brings the tables of an earlier version up to date, and keeps what they hold", async () => {
    const older = await startInMemory();
    const first = readFileSync(new URL("./migrations/0001-initial.sql", import.meta.url), "utf8");
    await older.exec(`${first}; CREATE TABLE migrations (name text PRIMARY KEY, sha256 text NOT NULL)`);
    await older.query("INSERT INTO migrations VALUES ('0001-initial', $1)", [sha256(first)]);
    await older.query(
      "INSERT INTO runs (id, name, status, config_hash, manifest, created_at) VALUES ('a', '', 'running', '', '{}', '')",
    );
    await migrate(older);
    const { rows } = await older.query("SELECT name FROM migrations ORDER BY name");
    expect(rows).toEqual([{ name: "0001-initial" }, { name: "0002-groups-and-leases" }]);
    await older.query("INSERT INTO rollout_groups SELECT id, 'rl', 0, 'train', 0, 1, 0 FROM runs");
    await older.close();
  });

  it("keeps nothing of a migration that fails half way", async () => {
    const foreign = await startInMemory();
    await foreign.exec("CREATE TABLE metrics (mine integer)");
    await expect(migrate(foreign)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("another program"),
    });
    const { rows } = await foreign.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    expect(rows).toEqual([{ tablename: "metrics" }]);
    await foreign.close();
  });

  it("refuses a database that a newer version has changed", async () => {
    await pglite.query("INSERT INTO migrations VALUES ('9999-later', '')");
    await expect(migrate(pglite)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("9999-later"),
    });
    await pglite.query("DELETE FROM migrations WHERE name = '9999-later'");
  });

  it("refuses a database that another text of a migration has made", async () => {
    await pglite.query("UPDATE migrations SET sha256 = 'other'");
    await expect(migrate(pglite)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("0001-initial"),
    });
  });
});
