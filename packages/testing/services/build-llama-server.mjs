/**
 * @file llama.cpp's own `llama-server`, for the tests that start one. Builds it on first use (git, CMake, make, a C++ compiler; no
 * network) from the source that node-llama-cpp ships, keeps it in the cache by that source's hash, and runs a command with its path:
 *
 *     node packages/testing/services/build-llama-server.mjs npm test -- packages/policy
 *
 * The path is in LITMUS_TEST_LLAMA_SERVER. The packages must be installed: the source is one of them.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, homedir } from "node:os";
import { dirname, join } from "node:path";

const buildMs = 600_000;
const giveUpAt = performance.now() + buildMs;
const target = "llama-server";
/** For the processor that compiles it at the earliest: a cache may be shared. Nothing is fetched: the web page is left out. */
const settings = {
  CMAKE_BUILD_TYPE: "Release",
  // Compiles sooner than -O3 (ten minutes of one core); models for tests are small.
  CMAKE_CXX_FLAGS_RELEASE: "-O1 -DNDEBUG",
  BUILD_SHARED_LIBS: "OFF",
  GGML_NATIVE: "OFF",
  LLAMA_OPENSSL: "OFF",
  LLAMA_BUILD_UI: "OFF",
  LLAMA_USE_PREBUILT_UI: "OFF",
  LLAMA_BUILD_APP: "OFF",
  LLAMA_BUILD_EXAMPLES: "OFF",
  LLAMA_BUILD_TESTS: "OFF",
};

const [command, ...args] = process.argv.slice(2);
if (command === undefined) stop("usage: build-llama-server.mjs <command> [arguments]");

const bundle = sourceBundle();
const cache = process.env.LITMUS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "litmus");
const program = join(cache, "test-servers", `${target}-${keyOf(bundle)}`);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
if (!existsSync(program)) await build();
const env = { ...process.env, LITMUS_TEST_LLAMA_SERVER: program };
const run = spawn(command, args, { stdio: "inherit", env });
run.on("error", (error) => stop(`${command} could not be started: ${error.message}`));
run.on("exit", (code) => process.exit(code ?? 1));

/** In a folder of its own, so that two processes may build at once; the program appears whole. */
async function build() {
  process.stderr.write(`building ${target}, once: some minutes\n`);
  mkdirSync(dirname(program), { recursive: true });
  const work = mkdtempSync(`${program}-`);
  const clear = () => rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  process.on("exit", clear);
  const [source, made] = [join(work, "source"), join(work, "build")];
  const definitions = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const jobs = String(availableParallelism());
  await runTool("git", ["clone", "--quiet", bundle, source]);
  await runTool("cmake", ["-S", source, "-B", made, ...definitions]);
  await runTool("cmake", ["--build", made, "--target", target, "--parallel", jobs]);
  renameSync(join(made, "bin", target), program);
  clear();
}

/** In a process group of its own, so that its compilers end with it. */
async function runTool(tool, parameters) {
  const child = spawn(tool, parameters, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
  process.prependListener("exit", end);
  const late = `not done after ${buildMs / 60_000} minutes`;
  const timer = setTimeout(() => stop(couldNot(tool, late)), giveUpAt - performance.now());
  let errors = "";
  child.stderr.on("data", (chunk) => (errors = `${errors}${chunk}`.slice(-2000)));
  const code = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", resolve);
  });
  clearTimeout(timer);
  process.off("exit", end);
  if (code !== 0) stop(couldNot(tool, `${code}\n${errors}`));
}

function couldNot(tool, reason) {
  return `${target} could not be built: it needs git, CMake, make and a C++ compiler.\n${tool}: ${reason}`;
}

function sourceBundle() {
  const policy = createRequire(new URL("../../policy/package.json", import.meta.url));
  try {
    return join(dirname(policy.resolve("node-llama-cpp")), "..", "llama", "gitRelease.bundle");
  } catch {
    return stop("node-llama-cpp, whose source is built, is not installed: node bin/run.mjs node --version");
  }
}

function keyOf(path) {
  const hash = createHash("sha256").update(readFileSync(path)).update(JSON.stringify(settings));
  return hash.digest("hex").slice(0, 16);
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
