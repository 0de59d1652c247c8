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
