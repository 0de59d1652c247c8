import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildRun, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgresStore } from "./open-postgres-store.ts";

/** Set by `start-postgres.mjs`: then this machine has a Postgres of which a test can start one of its own, and kill it. */
const canStart = process.env["LITMUS_TEST_POSTGRES_PID_FILE"] !== undefined;
const starter = fileURLToPath(new URL("../../testing/services/start-postgres.mjs", import.meta.url));
/** Says where the server is, and ends with its input. */
const announce = `
  const { LITMUS_TEST_POSTGRES: url, LITMUS_TEST_POSTGRES_PID_FILE: pidFile } = process.env;
  console.log(JSON.stringify({ url, pidFile }));
  process.stdin.resume().on("end", () => process.exit(0));`;

interface Server {
  readonly url: string;
  readonly pidFile: string;
}

describe.skipIf(!canStart)("Postgres that is killed (LITMUS_TEST_POSTGRES_PID_FILE)", () => {
  let started: ChildProcess;
  let server: Server;
  beforeAll(async () => {
    const child = spawn(process.execPath, [starter, process.execPath, "-e", announce], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    started = child;
    for await (const line of createInterface({ input: child.stdout })) {
      server = JSON.parse(line) as Server;
      break;
    }
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => started.once("exit", resolve));
    started.stdin?.end();
    await ended;
  });

  const serverPid = (): number => Number(readFileSync(server.pidFile, "utf8").split("\n")[0]);

  /** Ends every process of the server at once, and resolves when another one answers. */
  async function killServer(): Promise<void> {
    const pid = serverPid();
    const client = new pg.Client({ connectionString: server.url });
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("SELECT pid FROM pg_stat_activity");
    process.kill(pid, "SIGKILL");
    for (const each of rows) ignoringGone(() => process.kill(each.pid, "SIGKILL"));
    await client.end().catch(() => undefined);
    while (!(await answers())) await setTimeout(50);
    expect(serverPid()).not.toBe(pid);
  }

  async function answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: server.url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  }

  it("loses nothing that was acknowledged, and the store goes on", { timeout: 600_000 }, async () => {
    const store = await openPostgresStore({ url: server.url, maxConnections: 4, retryMs: 300_000 });
    const run = buildRun();
    await store.saveRun(run);
    const writers = 4;
    const perWriter = 45;
    const entries = Array.from({ length: writers * perWriter }, (_, member) =>
      buildStoredTrajectory({ key: { member }, trajectory: buildTrajectory({ seed: member }) }),
    );
    const acknowledged = new Set<string>();
    let killing: Promise<void> = Promise.resolve();
    let kills = 0;
    const write = async (writer: number): Promise<void> => {
      for (const entry of entries.slice(writer * perWriter, (writer + 1) * perWriter)) {
        // "exists" is an answer to a second attempt whose first was stored before the connection broke.
        expect(["stored", "exists"]).toContain((await store.saveTrajectories([entry]))[0]);
        acknowledged.add(entry.id);
        if (acknowledged.size !== 30 * (kills + 1) || kills === 3) continue;
        kills += 1;
        killing = killing.then(killServer);
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    await killing;
    await killServer();
    expect(kills).toBe(3);
    expect(acknowledged.size).toBe(entries.length);
    expect(await store.trajectories({ runId: run.id })).toEqual(entries);
    expect(await store.run(run.id)).toEqual(run);
    await store.close();
  });

  it("is an error once the time for trying again is over", { timeout: 300_000 }, async () => {
    const store = await openPostgresStore({ url: server.url, retryMs: 0 });
    const pid = serverPid();
    const client = new pg.Client({ connectionString: server.url });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("BEGIN");
    await client.query("LOCK TABLE runs");
    const reading = store.runs().catch((error: unknown) => error);
    const reader = await waitingSession(client);
    process.kill(pid, "SIGKILL");
    ignoringGone(() => process.kill(reader, "SIGKILL"));
    expect(await reading).toMatchObject({ code: "unavailable", retryable: true });
    await client.end().catch(() => undefined);
    while (!(await answers())) await setTimeout(50);
    await store.close();
  });
});

/** The process of the first session that waits for a lock. */
async function waitingSession(client: pg.Client): Promise<number> {
  for (;;) {
    // Within a transaction the server would show what it showed first.
    await client.query("SELECT pg_stat_clear_snapshot()");
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    );
    if (rows[0] !== undefined) return rows[0].pid;
    await setTimeout(20);
  }
}

function ignoringGone(kill: () => void): void {
  try {
    kill();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
