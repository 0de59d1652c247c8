import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openPostgresStore, openStore } from "@litmus/store";
import { createTestDatabase, type TestDatabase } from "@litmus/store/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startRedisServer, type RedisServer } from "../../../../packages/testing/services/redis-server.mjs";
import { startLitmus, type OutputLine, type Running } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { storedContent } from "../testing/stored-content.ts";

/** A real Postgres: `packages/testing/services/start-postgres.mjs` starts one, and starts it again when it is killed. */
const postgres = process.env["LITMUS_TEST_POSTGRES"];
const postgresPidFile = process.env["LITMUS_TEST_POSTGRES_PID_FILE"];
/** Redis is this file's own, since it is killed: where one is installed, its tests' starter has set this. */
const canStartRedis = process.env["LITMUS_TEST_REDIS"] !== undefined;

describe.skipIf(postgres === undefined || !canStartRedis)(
  "workers on a real queue and store (LITMUS_TEST_POSTGRES, LITMUS_TEST_REDIS)",
  () => {
    let experiment: ScriptedExperiment;
    let redis: RedisServer;
    let database: TestDatabase;
    let inOneProcess: Awaited<ReturnType<typeof storedContent>>;
    const running: Running[] = [];
    beforeAll(async () => {
      experiment = await makeScriptedExperiment();
      // The same experiment in one process: whatever is done to workers and servers, no record may differ.
      const path = await experiment.variant("alone", { name: "scale", ...shape });
      const directory = join(experiment.folder, "alone");
      const { environment } = experiment;
      const { exitCode, stderr } = await startLitmus(["train", path, "--dir", directory], { environment }).ended;
      expect(exitCode, stderr).toBe(0);
      const store = await openStore({ directory: join(directory, "store") });
      inOneProcess = await storedContent(store, "scale");
      await store.close();
    });
    beforeEach(async () => {
      redis = await startRedisServer({ isDurable: true });
      database = await createTestDatabase();
    });
    afterEach(async () => {
      for (const process of running) process.kill("SIGKILL");
      await Promise.all(running.splice(0).map((process) => process.ended));
      await redis.stop();
      await database.drop();
    });
    afterAll(() => experiment.remove());

    const start = (words: readonly string[], onLine?: (line: OutputLine, running: Running) => void): Running => {
      const { environment } = experiment;
      const addresses = { LITMUS_POSTGRES_URL: database.url, LITMUS_REDIS_URL: redis.url };
      const setting = { environment: { ...environment, ...addresses }, ...(onLine === undefined ? {} : { onLine }) };
      const process = startLitmus(words, setting);
      running.push(process);
      return process;
    };

    /** The same experiment on the servers, in a folder of its own. */
    const prepare = async (name: string) => {
      const config = await experiment.variant(name, { name: "scale", ...shape, ...onServers });
      const directory = join(experiment.folder, name);
      const train = (onLine?: Parameters<typeof start>[1]) => start(["train", config, "--dir", directory], onLine);
      const work = () => start(["worker", config, "--runs", directory, "--groups", "3"]);
      return { config, directory, train, work };
    };

    const expectSame = async (): Promise<void> => {
      const store = await openPostgresStore({ url: database.url });
      const content = await storedContent(store, "scale");
      await store.close();
      expect(content).toEqual(inOneProcess);
    };

    it("make together what one process makes alone, and end when they are asked to", async () => {
      const { config, train, work } = await prepare("together");
      const workers = [work(), work()];
      const { exitCode, stderr } = await train().ended;
      expect(exitCode, stderr).toBe(0);
      await expectSame();
      const { lines } = await start(["workers", config]).ended;
      // What a worker itself holds is as old as its last heartbeat, so only the queue's own counts are certain to be 0 here.
      expect(lines.at(-1)).toMatchObject({ waiting: 0, active: 0, dead: 0 });
      expect(lines.at(-1)?.["workers"]).toHaveLength(2);
      for (const worker of workers) worker.kill("SIGTERM");
      const ends = await Promise.all(workers.map((worker) => worker.ended));
      expect(ends.map((end) => end.exitCode)).toEqual([0, 0]);
      const made = ends.map((end) => end.lines.at(-1)?.["groups"] as number);
      expect(made.every((groups) => groups > 0)).toBe(true);
      expect(made[0]! + made[1]!).toBe(new Set(inOneProcess.trajectories.map(groupOf)).size);
    });

    it("a worker that is killed: the other makes its groups", async () => {
      const { train, work } = await prepare("worker-killed");
      const doomed = work();
      work();
      let kills = 0;
      const { exitCode, stderr } = await train((line) => {
        if (line.type !== "rollouts-progress" || line["stage"] !== "grpo" || kills > 0) return;
        kills += 1;
        doomed.kill("SIGKILL");
      }).ended;
      expect(exitCode, stderr).toBe(0);
      expect(kills).toBe(1);
      await expectSame();
    });

    it("the trainer that is killed: the same command goes on", async () => {
      const { train, work } = await prepare("trainer-killed");
      work();
      work();
      for (const [stage, step] of [
        ["sft", 4],
        ["grpo", 1],
      ] as const) {
        const killed = await train((line, trainer) => {
          if (line.type === "rollouts-progress" && line["stage"] === stage && line["step"] === step)
            trainer.kill("SIGKILL");
        }).ended;
        expect(killed.exitCode).toBeNull();
      }
      const { exitCode, stderr } = await train().ended;
      expect(exitCode, stderr).toBe(0);
      await expectSame();
    });

    it("Redis that is killed and started again: all wait, and go on", async () => {
      const { train, work } = await prepare("redis-killed");
      work();
      work();
      let restarted: Promise<void> | undefined;
      const { exitCode, stderr } = await train((line) => {
        if (line.type === "rollouts-progress" && line["stage"] === "grpo")
          restarted ??= redis.kill().then(() => redis.restart());
      }).ended;
      await restarted;
      expect(exitCode, stderr).toBe(0);
      await expectSame();
    });

    it.skipIf(postgresPidFile === undefined)(
      "Postgres that is killed and started again: all wait, and go on",
      async () => {
        const { train, work } = await prepare("postgres-killed");
        work();
        work();
        let killed: Promise<void> | undefined;
        const { exitCode, stderr } = await train((line) => {
          if (line.type === "rollouts-progress" && line["stage"] === "grpo") killed ??= killPostgres();
        }).ended;
        await killed;
        expect(exitCode, stderr).toBe(0);
        await expectSame();
      },
    );

    it("a worker with another corpus makes nothing, and the run says why", async () => {
      const { directory, train } = await prepare("other-parts");
      const other = await experiment.variant("other", {
        name: "scale",
        ...shape,
        ...onServers,
        agent: { basePrompt: "short-v1", trainedPrompt: "few-shot-v1", budgets: { maxEpisodeTokens: 1000 } },
      });
      start(["worker", other, "--runs", directory]);
      const { exitCode, stderr } = await train().ended;
      expect(exitCode).toBe(7);
      expect(stderr).toContain("prompt.trained");
    });
  },
);

/** Many groups a step, each some time under way, so that whatever is killed is killed between two of them. */
const shape = {
  policy: { engine: "scripted", slots: 4, contextTokens: 1100, latencyMs: 5 },
  stages: [
    { type: "sft", steps: 4, batch: 2, checkpointEvery: 2, problems: 12, optimizer: { learningRate: 1e-4 } },
    { type: "grpo", steps: 3, problemsPerStep: 12, groupSize: 3, optimizer: { learningRate: 1e-4 } },
  ],
};

const onServers = {
  store: { engine: "postgres" },
  // A worker that is gone is noticed within two seconds.
  queue: { engine: "bullmq", lockMs: 2000 },
};

const groupOf = ({ key }: { readonly key: { stage: string; step: number; purpose: string; group: number } }): string =>
  [key.stage, key.step, key.purpose, key.group].join(" ");

async function killPostgres(): Promise<void> {
  const [pid = ""] = (await readFile(postgresPidFile ?? "", "utf8")).split("\n");
  process.kill(Number(pid), "SIGKILL");
}
