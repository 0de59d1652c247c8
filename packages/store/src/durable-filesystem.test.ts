import { fsyncSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { DurableFilesystem } from "./durable-filesystem.ts";
import { createInFolder, startInFolder } from "./start-pglite.ts";

describe("durable filesystem", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "litmus-durable-"));
    await createInFolder(folder);
  });

  it("reaches the disk before a commit is acknowledged, and acknowledges none that does not", async () => {
    let syncs = 0;
    let isBroken = false;
    const sync = (descriptor: number): void => {
      if (isBroken) throw new Error("EIO");
      syncs += 1;
      fsyncSync(descriptor);
    };
    let reason = "";
    const onStop = (said: string): never => {
      reason ||= said;
      throw new Error(said);
    };
    const pglite = await startInFolder(new DurableFilesystem(folder, sync), { onStop });
    expect((await pglite.query("SHOW fsync")).rows).toEqual([{ fsync: "on" }]);
    await pglite.exec("CREATE TABLE numbers (n integer)");
    for (let n = 0; n < 5; n += 1) {
      const before = syncs;
      await pglite.query("INSERT INTO numbers VALUES ($1)", [n]);
      expect(syncs).toBeGreaterThan(before);
    }
    isBroken = true;
    const error: unknown = await pglite.query("INSERT INTO numbers VALUES (5)").then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).not.toBeNull();
    expect(reason).toContain("could not fsync");
  });

  it("has every acknowledged commit after such a stop", async () => {
    const pglite = await startInFolder(new DurableFilesystem(folder));
    const { rows } = await pglite.query<{ n: number }>("SELECT n FROM numbers ORDER BY n");
    expect(rows.map((row) => row.n).slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    await pglite.close();
  });
});
