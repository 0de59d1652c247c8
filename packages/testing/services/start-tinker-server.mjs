/**
 * @file A real server of the open Tinker API on this machine: SkyRL on the CPU, with a random Qwen3 of 107,000 parameters that takes
 * bytes. Installs it on first use (Python 3.12 or later; 6 GB, most of it CUDA libraries that it does not use), starts it,
 * runs a command with its address, and stops it:
 *
 *     node packages/testing/services/start-tinker-server.mjs npm test -- packages/tinker
 *
 * The address is in LITMUS_TEST_TINKER, the base model's name in LITMUS_TEST_TINKER_BASE. LITMUS_TEST_PYTHON names another interpreter
 * than python3; LITMUS_TEST_SKYRL another version of the server than requirements.txt, such as 0.3.0.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";

const here = join(import.meta.dirname, "tinker");
const [command, ...args] = process.argv.slice(2);
if (command === undefined) stop("usage: start-tinker-server.mjs <command> [arguments]");

const pinned = readFileSync(join(here, "requirements.txt"), "utf8");
const version = process.env.LITMUS_TEST_SKYRL;
const requirements = version === undefined ? pinned : pinned.replace(/^(skyrl\S*)==.*$/m, `$1==${version}`);
const cache = process.env.LITMUS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "litmus");
const script = join(here, "make_tiny_qwen3.py");
const installed = join(cache, "test-servers", `tinker-${hashOf(requirements)}`);
const environment = join(installed, "environment");
const model = join(installed, `tiny-qwen3-${hashOf(readFileSync(script))}`);
install();

const data = mkdtempSync(join(tmpdir(), "litmus-tinker-"));
let server;
process.on("exit", () => {
  // The launcher and the server it started.
  if (server?.pid !== undefined) killGroup(server.pid);
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const address = await start();
const run = spawn(command, args, {
  stdio: "inherit",
  env: { ...process.env, LITMUS_TEST_TINKER: address, LITMUS_TEST_TINKER_BASE: model },
});
run.on("error", (error) => stop(`${command} could not be started: ${error.message}`));
run.on("exit", (code) => process.exit(code ?? 1));

function hashOf(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

function install() {
  const python = join(environment, "bin", "python");
  once(join(installed, "installed"), () => {
    rmSync(installed, { recursive: true, force: true });
    mkdirSync(installed, { recursive: true });
    const list = join(installed, "requirements.txt");
    writeFileSync(list, requirements);
    must(process.env.LITMUS_TEST_PYTHON ?? "python3", "-m", "venv", environment);
    must(python, "-m", "pip", "install", "--quiet", "--requirement", list);
  });
  once(`${model}.made`, () => must(python, script, model, "0"));
}

/** Does what a note says is not done yet. */
function once(note, act) {
  if (existsSync(note)) return;
  act();
  writeFileSync(note, "");
}

function must(program, ...parameters) {
  if (spawnSync(program, parameters, { stdio: ["ignore", 2, 2] }).status === 0) return;
  stop(`the server could not be installed: ${program} ${parameters.join(" ")} failed. It needs Python 3.12 or later.`);
}

/** Resolves with the address once the server takes calls; the first ones wait half a minute for its engine. */
async function start() {
  const port = await freePort();
  const log = join(data, "server.log");
  const output = openSync(log, "w");
  const settings = { max_lora_adapters: 64, max_lora_rank: 16 };
  // The server reads how it is run from its parent's command line: uv must be the parent.
  const parameters = ["run", "--no-project", "--active", "-m", "skyrl.tinker.api"];
  const options = {
    "--host": "127.0.0.1",
    "--port": port,
    "--base-model": model,
    "--backend": "jax",
    "--backend-config": JSON.stringify(settings),
    "--checkpoints-base": join(data, "checkpoints"),
    "--database-url": `sqlite:///${join(data, "tinker.db")}`,
  };
  server = spawn(join(environment, "bin", "uv"), [...parameters, ...Object.entries(options).flat().map(String)], {
    cwd: data,
    detached: true,
    stdio: ["ignore", output, output],
    env: {
      ...process.env,
      VIRTUAL_ENV: environment,
      PATH: `${join(environment, "bin")}:${process.env.PATH}`,
      UV_OFFLINE: "1",
      HF_HUB_OFFLINE: "1",
      JAX_PLATFORMS: "cpu",
      TOKENIZERS_PARALLELISM: "false",
    },
  });
  const ended = new Promise((_, reject) => {
    server.once("error", reject);
    server.once("exit", (code, signal) => reject(new Error(`it ended (${code ?? signal})`)));
  });
  const address = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([ended, answers(address)]);
  } catch (error) {
    stop(`the Tinker server did not start: ${error.message}\n${readFileSync(log, "utf8").slice(-3000)}`);
  }
  return address;
}

async function answers(address) {
  const isHealthy = () =>
    fetch(`${address}/api/v1/healthz`)
      .then(({ ok }) => ok)
      .catch(() => false);
  for (let tries = 0; tries < 600; tries++) {
    if (await isHealthy()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("it did not answer for two minutes");
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
