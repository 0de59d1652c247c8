/**
 * @file Runs an experiment with workers on real servers, and again with each of its processes killed in the middle:
 *
 *     node packages/testing/services/start-search-server.mjs elasticsearch \
 *       node packages/testing/services/start-postgres.mjs \
 *       node scripts/fault-drill.mjs configs/bioasq-gemma270m-scale.yaml --set stages.1.steps=4
 *
 * Redis is started here. The index must be there, or be built by `--index <litmus index build …>`. Prints one line of JSON a fault, with
 * what was checked in the store; exits with 1 when anything was lost, doubled, mixed or left out.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { openPostgresStore } from "../packages/store/src/index.ts";
import { startRedisServer } from "../packages/testing/services/redis-server.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: "string", multiple: true, default: [] },
    index: { type: "string" },
    faults: { type: "string", default: "none,worker,trainer,redis,postgres,elasticsearch" },
    workers: { type: "string", default: "2" },
    groups: { type: "string", default: "3" },
    out: { type: "string" },
  },
});
const [config] = positionals;
const root = join(import.meta.dirname, "..");
const folder = values.out ?? mkdtempSync(join(tmpdir(), "litmus-drill-"));
const redis = await startRedisServer({ isDurable: true });
const environment = {
  ...process.env,
  LITMUS_REDIS_URL: redis.url,
  LITMUS_POSTGRES_URL: process.env.LITMUS_TEST_POSTGRES,
  LITMUS_ELASTICSEARCH_URL: process.env.LITMUS_TEST_ELASTICSEARCH,
};
/** Of a server that its starter starts again: the number of its process is the first line of a file. */
const killed = (variable) => () =>
  process.kill(Number(readFileSync(process.env[variable], "utf8").split("\n")[0]), "SIGKILL");
const kills = {
  none: null,
  worker: ({ workers }) => {
    workers[0].kill("SIGKILL");
    workers.push(startWorker());
  },
  trainer: ({ trainer }) => trainer.kill("SIGKILL"),
  redis: () => redis.kill().then(() => redis.restart()),
  postgres: killed("LITMUS_TEST_POSTGRES_PID_FILE"),
  elasticsearch: killed("LITMUS_TEST_ELASTICSEARCH_PID_FILE"),
};

/** Overrides of the run under way. */
let sets = [];
const unknown = values.faults.split(",").filter((fault) => !Object.hasOwn(kills, fault));
if (unknown.length > 0) throw new Error(`there is no fault ${unknown.join(", ")}: ${Object.keys(kills).join(", ")}`);

let isWhole = true;
try {
  if (values.index !== undefined) build(values.index);
  for (const fault of values.faults.split(",")) {
    const result = await drill(fault);
    isWhole &&= result.problems.length === 0;
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
} finally {
  await redis.stop();
  if (values.out === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exit(isWhole ? 0 : 1);

function litmus(words, onLine) {
  const child = spawn(process.execPath, [join(root, "bin/litmus.mjs"), ...words, "--json"], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => onLine?.(JSON.parse(line)));
  child.ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  return child;
}

function build(words) {
  const built = spawnSync(process.execPath, [join(root, "bin/litmus.mjs"), "index", "build", ...words.split(" ")], {
    cwd: root,
    env: environment,
    stdio: "inherit",
  });
  if (built.status !== 0) throw new Error("the index could not be built");
}

function startWorker() {
  return litmus(["worker", config, "--runs", folder, "--groups", values.groups, "--set", ...sets]);
}

/** One run, disturbed once in its second step of reinforcement. */
async function drill(fault) {
  const name = `drill-${fault}`;
  sets = [...values.set, `name=${name}`, "queue.lockMs=5000"];
  const started = performance.now();
  const running = { workers: Array.from({ length: Number(values.workers) }, startWorker), trainer: null };
  const disturbances = [];
  let code;
  do {
    running.trainer = litmus(["train", config, "--dir", folder, "--set", ...sets], (line) => {
      if (line.type !== "rollouts-progress" || line.purpose !== "train" || line.step !== 2 || line.done === 0) return;
      if (disturbances.length === 0 && kills[fault] !== null) disturbances.push(kills[fault](running));
    });
    code = await running.trainer.ended;
  } while (code === null || code === 137);
  await Promise.all(disturbances);
  for (const worker of running.workers) worker.kill("SIGTERM");
  await Promise.all(running.workers.map((worker) => worker.ended));
  const problems = [...(code === 0 ? [] : [`the trainer ended with ${code}`]), ...(await check(name))];
  if (kills[fault] !== null && disturbances.length === 0) problems.push("nothing was killed");
  const seconds = Math.round((performance.now() - started) / 1000);
  return { type: "fault", fault, wasKilled: disturbances.length > 0, seconds, problems, ...(await summary(name)) };
}

/** What must hold whatever was killed. */
async function check(name) {
  const store = await openPostgresStore({ url: environment.LITMUS_POSTGRES_URL });
  try {
    const run = await store.run(name);
    const entries = (await store.trajectories({ runId: name })).filter(({ key }) => key.purpose === "train");
    const groups = Map.groupBy(entries, ({ key }) => `${key.stage} ${key.step} ${key.group}`);
    const stage = run.config.stages.at(-1);
    const steps = (await store.metrics(name)).filter((row) => row.stage === stage.type && row.name === "reward");
    const problems = [];
    if (run.status !== "finished") problems.push(`the run is ${run.status}`);
    if (groups.size !== stage.steps * stage.problemsPerStep) problems.push(`${groups.size} groups`);
    for (const [key, members] of groups) {
      const numbers = members.map((entry) => entry.key.member).toSorted((a, b) => a - b);
      if (numbers.length !== stage.groupSize || numbers.some((member, index) => member !== index))
        problems.push(`group ${key} has members ${numbers.join(", ")}`);
      const versions = new Set(members.map((entry) => entry.trajectory.policy.version));
      if (versions.size !== 1) problems.push(`group ${key} mixes versions ${[...versions].join(", ")}`);
    }
    const numbers = steps.map((row) => row.step).toSorted((a, b) => a - b);
    if (numbers.some((step, index) => step !== index + 1)) problems.push(`steps ${numbers.join(", ")}`);
    return problems;
  } finally {
    await store.close();
  }
}

async function summary(name) {
  const store = await openPostgresStore({ url: environment.LITMUS_POSTGRES_URL });
  try {
    const entries = (await store.trajectories({ runId: name })).filter(({ key }) => key.purpose === "train");
    const failed = entries.filter(({ reward }) => reward === null).length;
    const versions = (await store.policyVersions(name)).map(({ version }) => version);
    return { trajectories: entries.length, failed, versions: versions.length };
  } finally {
    await store.close();
  }
}
