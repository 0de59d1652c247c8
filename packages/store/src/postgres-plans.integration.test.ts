import { policyVersion, problemId, runId, trajectoryId } from "@litmus/core";
import type { TrajectoryStore } from "@litmus/core";
import { buildRun, buildStoredTrajectory } from "@litmus/testing";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabaseStore } from "./create-database-store.ts";
import { openPostgresStore } from "./open-postgres-store.ts";
import * as schema from "./schema.ts";
import { createTestDatabase, serverUrl } from "./testing/postgres-database.ts";
import type { TestDatabase } from "./testing/postgres-database.ts";

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

const run = runId("run-7");
const key = { runId: run, stage: "rl", step: 3, purpose: "train" } as const;
/** Forty runs of 2,000 rollouts and one of 64, 64 a step, without the columns that matter to no plan; unchecked, which is quicker. */
const filling = `
  SET session_replication_role = replica;
  INSERT INTO runs (id, name, status, config_hash, manifest, created_at)
    SELECT 'run-' || r, 'name', 'finished', '', '{}', '' FROM generate_series(1, 41) r;
  INSERT INTO problems SELECT 'run-' || r, 'problem-' || p, 'train', '', '[]', '[]' FROM generate_series(1, 41) r, generate_series(0, 99) p;
  INSERT INTO rollouts SELECT 'id-' || r || '-' || n, 'run-' || r, 'rl', n / 64, 'train', n / 8 % 8, n % 8, 'problem-' || n / 8 % 100
    FROM generate_series(1, 41) r, generate_series(0, 1999) n WHERE r < 41 OR n < 64;
  INSERT INTO trajectories SELECT id, 1, '', '', '', '', '', 0, NULL, '', 1, 1, '{}', '[]', '{}', NULL, '[]', '{}', '{}', '', 1, NULL FROM rollouts;
  INSERT INTO turns SELECT id, position, position, '', '{}', 1 FROM rollouts, generate_series(0, 1) position;
  INSERT INTO search_calls SELECT trajectory_id, position, '', '[]', 1, NULL FROM turns;
  INSERT INTO rewards SELECT id, 1, '' FROM rollouts;
  INSERT INTO reward_components SELECT id, 0, '', 1, 1, '' FROM rollouts;
  INSERT INTO rollout_groups SELECT DISTINCT run_id, stage, step, purpose, group_index, 1, 0 FROM rollouts;
  INSERT INTO metrics (run_id, stage, step, name, value)
    SELECT 'run-' || r, 'rl', s, 'metric-' || m, 1 FROM generate_series(1, 40) r, generate_series(1, 100) s, generate_series(1, 20) m;
  INSERT INTO latest_metrics SELECT run_id, name, stage, step, value, sequence FROM metrics WHERE step = 100;
  INSERT INTO evaluations (run_id, stage, step, split, result)
    SELECT 'run-' || r, 'rl', s, 'test', '{}' FROM generate_series(1, 40) r, generate_series(1, 100) s;
  INSERT INTO trained_tokens SELECT id, step, '{}', NULL FROM rollouts;
  RESET session_replication_role;
  ANALYZE;`;

describe.skipIf(serverUrl === undefined)("Postgres' plans, on a real server (LITMUS_TEST_POSTGRES)", () => {
  let database: TestDatabase;
  let client: pg.Client;
  let store: TrajectoryStore;
  let statements: Statement[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    await (await openPostgresStore({ url: database.url })).close();
    await database.query(filling);
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const logger = { logQuery: (text: string, values: unknown[]) => void statements.push({ text, values }) };
    store = createDatabaseStore(drizzle(client, { schema, logger }), () => client.end());
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  /** Tables that the statements of a call read from end to end. */
  async function tablesScanned(call: () => Promise<unknown>): Promise<string[]> {
    statements = [];
    await call();
    const read = statements.filter(({ text }) => /^(select|insert|update)/.test(text));
    expect(read.length).toBeGreaterThan(0);
    const scanned = new Set<string>();
    for (const { text, values } of read) {
      const [row] = await database.query(`EXPLAIN (FORMAT JSON) ${text}`, values);
      const plan = JSON.stringify(row?.["QUERY PLAN"]);
      for (const [, table] of plan.matchAll(/"Node Type":"Seq Scan".*?"Relation Name":"(\w+)"/g)) scanned.add(table!);
    }
    return [...scanned];
  }

  it.each<[string, () => Promise<unknown>]>([
    ["the keys of a step", () => store.rolloutKeys(key)],
    ["the keys of a problem", () => store.rolloutKeys({ runId: run, problemId: problemId("problem-5") })],
    ["a page of a run", () => store.rolloutKeys({ runId: run })],
    ["the trajectories of a step", () => store.trajectories(key).catch(() => undefined)],
    ["one trajectory", () => store.trajectory(trajectoryId({ ...key, group: 0, member: 0 }))],
    ["a claim", () => store.claimGroup({ ...key, group: 3 }, policyVersion(0))],
    ["a problem", () => store.problem(run, problemId("problem-5"))],
    ["the metrics of a run", () => store.metrics(run)],
    ["the summaries of a step", () => store.summaries(key).catch(() => undefined)],
    ["the failures of a step", () => store.summaries({ ...key, isFailed: true })],
    ["the totals of a short run", () => store.rolloutTotals([runId("run-41")]).catch(() => undefined)],
    ["what was trained", () => store.trained(trajectoryId({ ...key, group: 0, member: 0 }))],
    ["the problems of a run", () => store.problems(run)],
    ["the last metrics of runs", () => store.latestMetrics([run, runId("run-9")])],
    ["the evaluations of runs", () => store.evaluationsOf([run, runId("run-9")])],
  ])("read %s through an index", async (_name, call) => {
    expect(await tablesScanned(call)).toEqual([]);
  });

  it("write under a claim through an index", async () => {
    await store.saveRun(buildRun());
    const group = { ...buildStoredTrajectory().key, group: 1 };
    const { claim } = await store.claimGroup(group, policyVersion(0));
    expect(
      await tablesScanned(() => store.saveTrajectories([buildStoredTrajectory({ key: { group: 1 } })], claim)),
    ).toEqual([]);
  });

  it("would tell a table that is read from end to end", async () => {
    expect(await tablesScanned(() => store.runs())).toEqual(["runs"]);
  });
});
