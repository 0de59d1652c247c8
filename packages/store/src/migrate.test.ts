import { readFileSync } from "node:fs";
import { runId, sha256 } from "@litmus/core";
import type { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabaseStore } from "./create-database-store.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";
import { startInMemory } from "./start-pglite.ts";

/** A run with a trajectory of one search, and two values of one metric. */
const storedBefore = `
  INSERT INTO runs (id, name, status, config_hash, manifest, created_at) VALUES ('a', '', 'finished', '', '{}', '');
  INSERT INTO rollouts VALUES ('t', 'a', 'rl', 1, 'train', 0, 0, NULL);
  INSERT INTO trajectories VALUES ('t', 1, '', '', '', '', '', 0, NULL, '', 1, 1, '{}', '[]', '{}', NULL, '[]',
    '{"type": "stopped", "reason": "completed"}',
    '{"prefilledTokens": 1, "cachedTokens": 0, "sampledTokens": 1, "searches": 1}', '', 1, NULL);
  INSERT INTO turns VALUES ('t', 0, 0, '', '{}', 1);
  INSERT INTO search_calls VALUES ('t', 0, 'genes', '[{"recordId": "R2"}, {"recordId": "R1"}]', 1, NULL);
  INSERT INTO metrics (run_id, stage, step, name, value) VALUES ('a', 'rl', 2, 'kl', 9), ('a', 'rl', 1, 'kl', 5);`;

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
    expect(rows).toEqual(
      ["0001-initial", "0002-groups-and-leases", "0003-reads", "0004-metric-curves"].map((name) => ({ name })),
    );
    await older.query("INSERT INTO rollout_groups SELECT id, 'rl', 0, 'train', 0, 1, 0 FROM runs");
    await older.close();
  });

  it("derives from what an earlier version stored what later reads are made of", async () => {
    const older = await startInMemory();
    const texts = ["0001-initial", "0002-groups-and-leases"].map((name) => ({
      name,
      text: readFileSync(new URL(`./migrations/${name}.sql`, import.meta.url), "utf8"),
    }));
    await older.exec("CREATE TABLE migrations (name text PRIMARY KEY, sha256 text NOT NULL)");
    for (const { name, text } of texts) {
      await older.exec(text);
      await older.query("INSERT INTO migrations VALUES ($1, $2)", [name, sha256(text)]);
    }
    await older.exec(storedBefore);
    await migrate(older);
    const store = createDatabaseStore(drizzle(older, { schema }), () => older.close());
    const id = runId("a");
    expect(await store.revisions()).toEqual([{ runId: id, revision: 1 }]);
    const metric = { runId: id, stage: "rl", step: 1, name: "kl", value: 5 };
    const latest = { runId: id, names: ["kl"], stages: ["rl"] };
    expect(await store.latestMetrics([id])).toEqual([{ ...latest, values: [5] }]);
    expect(await store.summaries({ runId: id })).toMatchObject([
      { id: "t", searches: [{ query: "genes", recordIds: ["R2", "R1"] }] },
    ]);
    await store.saveMetrics([{ ...metric, step: 3, value: 7 }]);
    expect(await store.revisions()).toEqual([{ runId: id, revision: 2 }]);
    expect(await store.latestMetrics([id])).toEqual([{ ...latest, values: [7] }]);
    await store.close();
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
