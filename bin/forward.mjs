/** @file Starts the real process, hands it this one's streams and signals, and ends as it ends. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

/** The child also gets a channel: when this process is killed, the channel closes and the child can end too. */
export function forward(command, args, { env = process.env, cwd = process.cwd(), channel = false } = {}) {
  const stdio = channel ? ["inherit", "inherit", "inherit", "ipc"] : "inherit";
  const child = spawn(command, args, { stdio, env, cwd });
  // A terminal sends Ctrl-C to the whole group; the child decides what it means.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`litmus: ${command} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
