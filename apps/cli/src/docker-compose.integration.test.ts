import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createApiClient } from "@litmus/api";
import { openRetrieveClient } from "@litmus/retrieval";
import { createTestDatabase, type TestDatabase } from "@litmus/store/testing";
import { freePort } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCompose, type ComposeFile } from "./testing/compose-file.ts";
import { startLitmus, type OutputLine, type Running } from "./testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "./testing/scripted-experiment.ts";

/**
 * @file What docker-compose.yml starts, as plain processes of this machine: its command lines, its addresses and its health
 * checks, with hosts, ports and folders changed. Postgres and Elasticsearch are those of the tests.
 */

const postgres = process.env["LITMUS_TEST_POSTGRES"];
const elasticsearch = process.env["LITMUS_TEST_ELASTICSEARCH"];
const canStartRedis = process.env["LITMUS_TEST_REDIS"] !== undefined;
const areThere = postgres !== undefined && elasticsearch !== undefined && canStartRedis;

describe.skipIf(!areThere)(
  "the services of docker-compose.yml (LITMUS_TEST_POSTGRES, LITMUS_TEST_REDIS, LITMUS_TEST_ELASTICSEARCH)",
  () => {
    const secrets = {
      POSTGRES_PASSWORD: "p",
      REDIS_PASSWORD: "3d4e5f",
      LITMUS_RETRIEVE_TOKEN: "0123456789abcdef",
      LITMUS_PAGE_TOKEN: "fedcba9876543210",
    };
    let experiment: ScriptedExperiment;
    let compose: ComposeFile;
    let database: TestDatabase;
    let redis: ChildProcess;
    let redisPort: number;
    const started: Running[] = [];

    /** Of the server, behind the alias. */
    let indexName = "";
    beforeAll(async () => {
      experiment = await makeScriptedExperiment();
      const config = await experiment.variant("composed", {
        name: "composed",
        store: { engine: "postgres" },
        queue: { engine: "bullmq" },
        retriever: { engine: "elasticsearch", index: "litmus-mini" },
      });
      compose = await readCompose({ ...secrets, LITMUS_EXPERIMENT: config });
      database = await createTestDatabase();
      for (const name of ["runs", "cache"]) await mkdir(join(experiment.folder, name), { recursive: true });
      redisPort = await freePort();
      const [shell = "", flag = "", line = ""] = serviceOf("redis").command ?? [];
      redis = spawn(shell, [flag, `${line} --port ${redisPort} --dir ${experiment.folder}`], {
        env: { ...process.env, ...serviceOf("redis").environment },
        stdio: "ignore",
      });
      await healthy(redisHealth);
    });
    afterAll(async () => {
      for (const each of started) each.kill("SIGKILL");
      redis.kill("SIGKILL");
      await database.drop();
      const deleted = await fetch(new URL(indexName, elasticsearch), { method: "DELETE" });
      expect(deleted.ok).toBe(true);
      await experiment.remove();
    });

    const serviceOf = (name: string) => {
      const service = compose.services[name];
      if (service === undefined) throw new Error(`there is no service ${name}`);
      return service;
    };

    function start(name: string, onLine?: (line: OutputLine) => void): Running {
      const { command = [], environment = {} } = serviceOf(name);
      const redisUrl = environment["LITMUS_REDIS_URL"]?.replace("@redis:6379", `@127.0.0.1:${redisPort}`) ?? "";
      const here = {
        LITMUS_POSTGRES_URL: database.url,
        LITMUS_REDIS_URL: redisUrl,
        LITMUS_ELASTICSEARCH_URL: elasticsearch ?? "",
      };
      const words = command.map((word) => {
        return word === "8000" || word === "4780"
          ? "0"
          : word.replace(/^\/(runs|cache)\b/, join(experiment.folder, "$1"));
      });
      const setting = { environment: { ...environment, ...experiment.environment, ...here } };
      const running = startLitmus(words, onLine === undefined ? setting : { ...setting, onLine });
      started.push(running);
      return running;
    }

    const redisHealth = (password = secrets.REDIS_PASSWORD): boolean => {
      const line = serviceOf("redis").healthcheck?.test[1]?.replace("redis-cli", `redis-cli -p ${redisPort}`) ?? "";
      return spawnSync("sh", ["-c", line], { env: { ...process.env, REDIS_PASSWORD: password } }).status === 0;
    };

    it("Redis asks for its password, and its health check shows it", () => {
      expect(redisHealth()).toBe(true);
      expect(redisHealth("another")).toBe(false);
    });

    it("the index is built, two workers make the trainer's groups, and all end when asked to", async () => {
      const index = await start("index").ended;
      expect(index.exitCode, index.stderr).toBe(0);
      expect(index.lines.at(-1)).toMatchObject({ type: "index-built" });
      indexName = String(index.lines.at(-1)?.["index"]);
      const again = await start("index").ended;
      expect(again.lines.at(-1), "what is there is left as it is").toMatchObject({ type: "index-found" });
      const workers = [start("worker"), start("worker")];
      const trainer = await start("trainer").ended;
      expect(trainer.exitCode, trainer.stderr).toBe(0);
      expect(trainer.lines.at(-1)).toMatchObject({ type: "run-end", runId: "composed" });
      for (const worker of workers) worker.kill("SIGTERM");
      const ended = await Promise.all(workers.map((worker) => worker.ended));
      expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      const groups = ended.reduce((sum, { lines }) => sum + Number(lines.at(-1)?.["groups"]), 0);
      expect(groups).toBeGreaterThan(0);
    });

    it("POST /retrieve is healthy for who shows the token, and searches", async () => {
      const address = Promise.withResolvers<string>();
      const served = start("retrieve", (line) => {
        if (line.type === "index-served") address.resolve(String(line["address"]));
      });
      void served.ended.then(({ stderr }) => address.reject(new Error(stderr)));
      const url = (await address.promise).replace("0.0.0.0", "127.0.0.1");
      const [, , flag = "", script = ""] = serviceOf("retrieve").healthcheck?.test ?? [];
      const health = (token: string): number | null => {
        const environment = { ...process.env, LITMUS_RETRIEVE_TOKEN: token };
        return spawnSync(process.execPath, [flag, script.replace("http://127.0.0.1:8000", url)], { env: environment })
          .status;
      };
      expect([health(secrets.LITMUS_RETRIEVE_TOKEN), health("another-0123456789")]).toEqual([0, 1]);
      const client = await openRetrieveClient({ url, token: secrets.LITMUS_RETRIEVE_TOKEN });
      expect(await client.search(["Which gene is mutated?"], { topK: 3 })).toMatchObject({ ok: true });
      served.kill("SIGTERM");
      expect((await served.ended).exitCode).toBe(0);
    });

    it("the page shows the run that was trained to who shows its token, and looks into the queue", async () => {
      const address = Promise.withResolvers<string>();
      const served = start("server", (line) => {
        if (line.type === "serve-start") address.resolve(new URL(String(line["address"])).origin);
      });
      void served.ended.then(({ stderr }) => address.reject(new Error(stderr)));
      const url = await address.promise;
      const [, , flag = "", script = ""] = serviceOf("server").healthcheck?.test ?? [];
      const health = (token: string): number | null =>
        spawnSync(process.execPath, [flag, script.replace("http://127.0.0.1:4780", url)], {
          env: { ...process.env, LITMUS_PAGE_TOKEN: token },
        }).status;
      expect([health(secrets.LITMUS_PAGE_TOKEN), health("another-0123456789")]).toEqual([0, 1]);
      const client = createApiClient({ baseUrl: url, token: () => secrets.LITMUS_PAGE_TOKEN });
      expect((await client.run("composed")).control).toMatchObject({ state: "ended", actions: [] });
      expect(await client.system()).toMatchObject({ store: { engine: "Postgres" }, queue: { engine: "BullMQ" } });
      served.kill("SIGTERM");
      expect((await served.ended).exitCode).toBe(0);
    });
  },
);

async function healthy(check: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (check()) return;
    await sleep(100);
  }
  throw new Error("the server did not become healthy");
}
