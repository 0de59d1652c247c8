/**
 * @file A real Postgres on this machine, for the tests that need one. Starts the one that is installed, in a folder of its own on
 * a free loopback port, runs a command with its address, and stops it:
 *
 *     node packages/testing/services/start-postgres.mjs npm test -- packages/store
 *
 * The address is in LITMUS_TEST_POSTGRES; its user may do everything. The number of the server's process is the first line of the
 * file that LITMUS_TEST_POSTGRES_PID_FILE names: a test may kill it, and finds it started again at the same address.
 */
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "./free-port.mjs";

const installHint = "Install Postgres 15 or later (Debian: apt-get install postgresql).";
const startMs = 60_000;

const [command, ...args] = process.argv.slice(2);
if (command === undefined) stop("usage: start-postgres.mjs <command> [arguments]");
const binaries = findBinaries();
const owner = chooseOwner();
const password = randomUUID();
const folder = mkdtempSync(join(tmpdir(), "litmus-postgres-"));
const data = join(folder, "data");
let server;
let isEnding = false;
process.on("exit", () => {
  isEnding = true;
  server?.kill("SIGQUIT");
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

makeCluster();
const port = await freePort();
await keepRunning();
const run = spawn(command, args, {
  stdio: "inherit",
  env: {
    ...process.env,
    LITMUS_TEST_POSTGRES: `postgres://litmus:${password}@127.0.0.1:${port}/postgres`,
    LITMUS_TEST_POSTGRES_PID_FILE: join(data, "postmaster.pid"),
  },
});
run.on("error", (error) => stop(`${command} could not be started: ${error.message}`));
run.on("exit", (code) => {
  isEnding = true;
  server.once("exit", () => process.exit(code ?? 1));
  server.kill("SIGINT");
});

/** Starts the server, and again whenever it is killed. */
async function keepRunning() {
  const giveUpAt = performance.now() + startMs;
  // While processes of a killed server still end, the next one refuses to start.
  while (!(await start())) {
    if (performance.now() > giveUpAt) stop("Postgres did not start.");
    await setTimeout(100);
  }
  server.once("exit", () => {
    if (!isEnding) void keepRunning();
  });
}

/** True when it is ready, false when it ended before. */
async function start() {
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "log_min_messages=log"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  server = spawn(join(binaries, "postgres"), ["-D", data, "-p", String(port), ...options], {
    ...owner,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(server, "exit").then(() => false);
  const ready = new Promise((resolve) => {
    let log = "";
    server.stderr.on("data", (chunk) => {
      log = `${log}${chunk}`.slice(-2000);
      if (log.includes("ready to accept connections")) resolve(true);
    });
  });
  return Promise.race([ready, ended]);
}

function makeCluster() {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  if (owner.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const options = ["-U", "litmus", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale=C"];
  const made = spawnSync(join(binaries, "initdb"), ["-D", data, "--no-sync", ...options], {
    ...owner,
    cwd: folder,
    encoding: "utf8",
  });
  if (made.status !== 0) stop(`initdb failed:\n${made.error?.message ?? made.stderr}`);
}

/** The newest of Debian's, else what is on the path. */
function findBinaries() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...process.env.PATH.split(delimiter)];
  const found = folders.find((path) => existsSync(join(path, "initdb")) && existsSync(join(path, "postgres")));
  return found ?? stop(`No Postgres was found. ${installHint}`);
}

/** Postgres refuses to run as root: there it runs as the user that its package makes. */
function chooseOwner() {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  const [uid, gid] = [idOf("-u"), idOf("-g")];
  if (uid.status !== 0) stop(`As root, Postgres needs the user postgres. ${installHint}`);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
