import { spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { LitmusError, policyVersion, runId } from "@litmus/core";
import type { GroupKey, RunId, TrajectoryStore } from "@litmus/core";
import { buildProblem, buildRun, buildStoredTrajectory, describeTrajectoryStore } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationLockKey } from "./migrate.ts";
import { openPostgresStore } from "./open-postgres-store.ts";
import type { OpenPostgresStore } from "./create-postgres-store.ts";
import { createTestDatabase, onServer, serverUrl } from "./testing/postgres-database.ts";
import type { TestDatabase } from "./testing/postgres-database.ts";

describe.skipIf(serverUrl === undefined)("Postgres, a real server (LITMUS_TEST_POSTGRES)", () => {
  const databases: TestDatabase[] = [];
  const newDatabase = async (options = ""): Promise<TestDatabase> => {
    const database = await createTestDatabase(options);
    databases.push(database);
    return database;
  };
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  describeTrajectoryStore("Postgres", async () => openPostgresStore({ url: (await newDatabase()).url }));

  describe("opening", () => {
    const refusal = async (url: string): Promise<LitmusError> => {
      const error: unknown = await openPostgresStore({ url }).then(
        (store) => store.close(),
        (thrown: unknown) => thrown,
      );
      expect(error, "it opened, or threw something untyped").toBeInstanceOf(LitmusError);
      const password = new URL(url).password;
      expect(JSON.stringify(error) + String((error as LitmusError).cause)).not.toContain(password);
      return error as LitmusError;
    };
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(serverUrl ?? "");
      change(url);
      return url.href;
    };

    it("says what is wrong with an address, and never the password", async () => {
      expect(await refusal(changed((url) => (url.password = "wrong-secret")))).toMatchObject({
        code: "invalid-config",
        message: expect.stringContaining("lets this user not in"),
      });
      expect(await refusal(changed((url) => (url.pathname = "/nowhere")))).toMatchObject({
        code: "not-found",
        hint: expect.stringContaining("createdb nowhere"),
      });
      const probe = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => probe.once("listening", resolve));
      const { port } = probe.address() as AddressInfo;
      await new Promise((resolve) => probe.close(resolve));
      for (const host of ["127.0.0.1", "localhost"]) {
        const error = await refusal(changed((url) => Object.assign(url, { host: `${host}:${port}` })));
        expect(error).toMatchObject({ code: "unavailable", retryable: true });
        expect(error.message).toMatch(new RegExp(`${host}:${port}/postgres cannot be reached: .*ECONNREFUSED`));
      }
    });

    it("gives up a server that takes the connection and says nothing", async () => {
      const silent = createServer((socket) => socket.resume().on("error", () => undefined)).listen(0, "127.0.0.1");
      await new Promise((resolve) => silent.once("listening", resolve));
      const { port } = silent.address() as AddressInfo;
      const opening = openPostgresStore({ url: `postgres://u:p@127.0.0.1:${port}/d`, connectTimeoutMs: 100 });
      await expect(opening).rejects.toMatchObject({ code: "unavailable", retryable: true });
      await new Promise((resolve) => silent.close(resolve));
    });

    it("refuses a database that cannot hold every text, and one of another program", async () => {
      const ascii = await newDatabase("ENCODING 'SQL_ASCII' TEMPLATE template0");
      expect(await refusal(ascii.url)).toMatchObject({
        code: "incompatible",
        message: expect.stringContaining("SQL_ASCII"),
      });
      for (const table of ["migrations (id integer)", "turns (id integer)"]) {
        const foreign = await newDatabase();
        await foreign.query(`CREATE TABLE ${table}`);
        expect(await refusal(foreign.url)).toMatchObject({
          code: "incompatible",
          message: expect.stringContaining("another program"),
        });
        const tables = await foreign.query("SELECT FROM pg_tables WHERE schemaname = 'public'");
        expect(tables).toHaveLength(1);
      }
    });

    it(
      "migrates an empty database once, for processes that open it at the same time",
      { timeout: 300_000 },
      async () => {
        const database = await newDatabase();
        const processes = 3;
        await database.query("SELECT pg_advisory_lock($1)", [migrationLockKey]);
        const code = `
        const { openPostgresStore } = await import(${JSON.stringify(new URL("./open-postgres-store.ts", import.meta.url).href)});
        const store = await openPostgresStore({ url: ${JSON.stringify(database.url)} });
        process.stdout.write(String((await store.runs()).length));
        await store.close();`;
        const said = Array.from({ length: processes }, () => outputOf(code));
        await database.untilWaiting(processes);
        await database.query("SELECT pg_advisory_unlock($1)", [migrationLockKey]);
        expect(await Promise.all(said)).toEqual(["0", "0", "0"]);
        expect(await database.query("SELECT name FROM migrations ORDER BY name")).toEqual([
          { name: "0001-initial" },
          { name: "0002-groups-and-leases" },
          { name: "0003-reads" },
          { name: "0004-metric-curves" },
        ]);
      },
    );

    it("needs no right to make tables once they are there", async () => {
      const database = await newDatabase();
      await (await openPostgresStore({ url: database.url })).close();
      const user = `worker_${database.name}`;
      await onServer(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
      await database.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${user}`);
      await database.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${user}`);
      const url = Object.assign(new URL(database.url), { username: user, password: "secret" }).href;
      const store = await openPostgresStore({ url });
      await store.saveRun(buildRun());
      expect(await store.runs()).toEqual([buildRun()]);
      await store.close();
      await database.query(`DROP OWNED BY ${user}`);
      await onServer(`DROP ROLE ${user}`);
    });
  });

  describe("sharing", () => {
    let database: TestDatabase;
    let first: OpenPostgresStore;
    let second: OpenPostgresStore;
    const group: GroupKey = { runId: runId("run-1"), stage: "rl", step: 0, purpose: "train", group: 0 };
    const version = policyVersion(0);
    const groupRow = "rollout_groups WHERE run_id = 'run-1' AND group_index = $1";
    beforeAll(async () => {
      database = await newDatabase();
      first = await openPostgresStore({ url: database.url, maxConnections: 2 });
      second = await openPostgresStore({ url: database.url });
      await first.saveRun(buildRun());
    });
    afterAll(async () => {
      await first.close();
      await second.close();
    });

    it("grants no claim while a writer is at work, and then tells what it wrote", async () => {
      await first.claimGroup(group, version);
      await database.query("BEGIN");
      await database.query(`SELECT FROM ${groupRow} FOR SHARE`, [0]);
      const claiming = second.claimGroup(group, version);
      await database.untilWaiting(1);
      await first.saveTrajectories([buildStoredTrajectory()], { group, attempt: 1 });
      await database.query("COMMIT");
      expect(await claiming).toMatchObject({ claim: { attempt: 2 }, stored: [0] });
    });

    it("fences a writer that waited for the claim which makes its own void", async () => {
      const other = { ...group, group: 1 };
      const { claim } = await first.claimGroup(other, version);
      await database.query("BEGIN");
      await database.query(`UPDATE rollout_groups SET attempt = 2 WHERE run_id = 'run-1' AND group_index = $1`, [1]);
      const saving = first.saveTrajectories([buildStoredTrajectory({ key: other })], claim);
      await database.untilWaiting(1);
      await database.query("COMMIT");
      expect(await saving).toEqual(["fenced"]);
      expect(await second.rolloutKeys({ runId: group.runId })).toHaveLength(1);
    });

    it("lets calls wait their turn when all connections are in use", async () => {
      await database.query("BEGIN");
      await database.query("LOCK TABLE rollout_groups");
      const claims = Array.from({ length: 4 }, (_, index) => first.claimGroup({ ...group, group: 2 + index }, version));
      await database.untilWaiting(2);
      const reads = Array.from({ length: 60 }, () => first.run(group.runId));
      expect(await database.waiting()).toBe(2);
      await database.query("COMMIT");
      expect((await Promise.all(claims)).map(({ claim }) => claim.attempt)).toEqual([1, 1, 1, 1]);
      expect(new Set((await Promise.all(reads)).map((run) => run?.id))).toEqual(new Set([group.runId]));
    });

    it("runs a call again when its session is ended", async () => {
      await database.query("BEGIN");
      await database.query(`UPDATE rollout_groups SET policy_version = policy_version WHERE group_index = $1`, [2]);
      const claiming = first.claimGroup({ ...group, group: 2 }, version);
      await database.untilWaiting(1);
      const ended = await database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'litmus'",
      );
      expect(ended.length).toBeGreaterThan(0);
      await database.query("COMMIT");
      expect(await claiming).toMatchObject({ claim: { attempt: 2 } });
    });

    it("gives up a statement after its time", async () => {
      const hasty = await openPostgresStore({ url: database.url, statementTimeoutMs: 200 });
      await database.query("BEGIN");
      await database.query("LOCK TABLE rollout_groups");
      const error = await hasty.claimGroup(group, version).catch((thrown: unknown) => thrown);
      await database.query("COMMIT");
      expect(error).toMatchObject({ code: "unavailable", retryable: true });
      expect(await hasty.runs()).toHaveLength(1);
      await hasty.close();
    });

    it("shares few connections that the server grants", async () => {
      const user = `limited_${database.name}`;
      await onServer(`CREATE ROLE ${user} LOGIN SUPERUSER PASSWORD 'secret'`);
      const url = Object.assign(new URL(database.url), { username: user, password: "secret" }).href;
      const store = await openPostgresStore({ url, maxConnections: 8, retryMs: 120_000 });
      await onServer(`ALTER ROLE ${user} NOSUPERUSER CONNECTION LIMIT 2`);
      await database.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${user}`);
      const runs = await Promise.all(Array.from({ length: 40 }, () => store.runs()));
      expect(runs.map((all) => all.length)).toEqual(runs.map(() => 1));
      await store.close();
      await database.query(`DROP OWNED BY ${user}`);
      await onServer(`DROP ROLE ${user}`);
    });

    it("lets one process at a time hold a run, and says which", async () => {
      const lease = await first.holdRun(group.runId);
      const error = (await second.holdRun(group.runId).catch((thrown: unknown) => thrown)) as LitmusError;
      expect(error).toMatchObject({ code: "conflict", hint: expect.stringContaining("wait until it ends") });
      expect(error.message).toContain(`process ${process.pid}`);
      await lease.release();
      const next = await second.holdRun(group.runId);
      expect(next.lost.aborted).toBe(false);
      await (await first.holdRun(runId("another"))).release();
      await next.release();
    });

    it("gives one of two processes that register a run of one name at the same time the run", async () => {
      const ask = async (store: OpenPostgresStore, id: RunId): Promise<string> => {
        const lease = await store.holdRun(id).catch(() => null);
        return lease === null ? "refused" : "held";
      };
      const id = runId("contested");
      expect((await Promise.all([ask(first, id), ask(second, id)])).toSorted()).toEqual(["held", "refused"]);
    });
  });

  it("closes once the calls under way are done, releases its runs, and refuses later calls", async () => {
    const { url } = await newDatabase();
    const store = await openPostgresStore({ url, maxConnections: 2 });
    await store.saveRun(buildRun());
    await store.saveProblems(runId("run-1"), "train", [buildProblem()]);
    await store.holdRun(runId("run-1"));
    const saving = saveSome(store, 20);
    await Promise.all([store.close(), store.close()]);
    expect((await saving).flat()).toEqual(Array.from({ length: 20 }, () => "stored"));
    await expect(store.runs()).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.holdRun(runId("run-1"))).rejects.toMatchObject({ code: "unavailable" });
    const next = await openPostgresStore({ url });
    expect(next.server).not.toContain(new URL(url).password);
    await (await next.holdRun(runId("run-1"))).release();
    await next.close();
  });
});

const saveSome = (store: TrajectoryStore, count: number): Promise<(readonly string[])[]> =>
  Promise.all(
    Array.from({ length: count }, (_, member) => store.saveTrajectories([buildStoredTrajectory({ key: { member } })])),
  );

function outputOf(code: string): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once("close", () => resolve(said)));
}
