/**
 * @file A real search server on this machine, for the tests that need one. Builds it on first use (Java 17, Maven),
 * starts it, runs a command with its address, and stops it:
 *
 *     node packages/testing/services/start-search-server.mjs elasticsearch npm test -- packages/retrieval
 *
 * `elasticsearch@9.2.0` is another release than the one that the tests are run with; JAVA_HOME names another Java for it.
 * The address is in LITMUS_TEST_ELASTICSEARCH or LITMUS_TEST_OPENSEARCH. The number of the server's process is the first line of the
 * file that the same variable with _PID_FILE names: a test may kill it, and finds it started again at the same address. The server
 * checks nothing that a server in earnest would (users, limits of the system): for tests alone.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const servers = {
  elasticsearch: {
    variable: "LITMUS_TEST_ELASTICSEARCH",
    args: (built, data, port) => ["StartElasticsearch", built, data, port],
  },
  opensearch: { variable: "LITMUS_TEST_OPENSEARCH", args: (_, data, port) => ["StartOpenSearch", data, port] },
};

const [wanted = "", command, ...args] = process.argv.slice(2);
const [name, version] = wanted.split("@");
const server = servers[name];
if (server === undefined || command === undefined)
  stop("usage: start-search-server.mjs <elasticsearch|opensearch>[@version] <command> [arguments]");

const cache = process.env.LITMUS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "litmus");
const sources = readdirSync(join(here, name)).sort();
const key = createHash("sha256");
for (const file of sources) key.update(readFileSync(join(here, name, file)));
const built = join(cache, "test-servers", `${wanted}-${key.digest("hex").slice(0, 16)}`);
if (!existsSync(join(built, "built"))) {
  const build = spawnSync("bash", [join(here, name, "build.sh"), built, ...(version === undefined ? [] : [version])], {
    stdio: ["ignore", 2, 2],
  });
  if (build.status !== 0) stop(`${name} could not be built: it needs Java 17, Maven, and Maven Central.`);
}

const data = mkdtempSync(join(tmpdir(), `litmus-${name}-`));
const pidFile = join(data, "server.pid");
// Elasticsearch 9 compresses with it; its own copy is on no registry.
const zstd = ["x86_64", "aarch64"].map((cpu) => `/usr/lib/${cpu}-linux-gnu/libzstd.so.1`).find(existsSync);
if (zstd !== undefined) symlinkSync(zstd, join(data, "libzstd.so"));
let java;
let isEnding = false;
process.on("exit", () => {
  isEnding = true;
  java?.kill("SIGKILL");
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const address = await keepRunning("0");
const run = spawn(command, args, {
  stdio: "inherit",
  env: { ...process.env, [server.variable]: address, [`${server.variable}_PID_FILE`]: pidFile },
});
run.on("error", (error) => stop(`${command} could not be started: ${error.message}`));
run.on("exit", (code) => process.exit(code ?? 1));

/** Starts the server, and again at the same port whenever it is killed. @returns its address */
async function keepRunning(port) {
  const address = await start(port);
  writeFileSync(pidFile, `${java.pid}\n`);
  java.once("exit", () => {
    if (!isEnding) void keepRunning(new URL(address).port);
  });
  return address;
}

/** Resolves with the address that the server prints when it is ready. */
function start(port) {
  return new Promise((resolve) => {
    java = spawn(
      process.env.JAVA_HOME === undefined ? "java" : join(process.env.JAVA_HOME, "bin", "java"),
      [
        "-Xms512m",
        "-Xmx512m",
        `-Dlog4j2.configurationFile=${join(here, "log4j2.properties")}`,
        `-Des.nativelibs.path=${data}`,
        "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
        "-cp",
        `${join(built, "lib", "*")}:${join(built, "classes")}`,
        ...server.args(built, data, port),
      ],
      { stdio: ["ignore", "pipe", 2] },
    );
    let text = "";
    const endedEarly = () => stop(`${name} ended before it was ready:\n${text}`);
    java.once("exit", endedEarly);
    java.stdout.on("data", (chunk) => {
      text += chunk;
      const [, found] = /READY (http:\S+)/.exec(text) ?? [];
      if (found === undefined) return;
      java.removeListener("exit", endedEarly);
      java.stdout.removeAllListeners("data");
      java.stdout.resume();
      resolve(found);
    });
  });
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
