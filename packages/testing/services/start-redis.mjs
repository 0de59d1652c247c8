/**
 * @file A real Redis on this machine, for the tests that need one. Starts it, runs a command with its address, and stops it:
 *
 *     node packages/testing/services/start-redis.mjs npm test -- packages/queue
 *
 * The address is in LITMUS_TEST_REDIS. Needs `redis-server` (Debian: the package of that name). It keeps nothing on disk.
 */
import { spawn } from "node:child_process";
import { startRedisServer } from "./redis-server.mjs";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail("usage: start-redis.mjs <command> [arguments]");

const server = await startRedisServer().catch((error) => fail(error.message));
process.on("exit", () => process.kill(server.processId, "SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const run = spawn(command, args, { stdio: "inherit", env: { ...process.env, LITMUS_TEST_REDIS: server.url } });
run.on("error", (error) => fail(`${command} could not be started: ${error.message}`));
run.on("exit", (code) => {
  process.removeAllListeners("exit");
  void server.stop().then(() => process.exit(code ?? 1));
});

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
