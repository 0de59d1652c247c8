/**
 * @file Runs a program for as long as its parent lives: ends it when the channel to the parent closes, however that came about.
 * Started by {@link LlamaServerProcess}; its arguments are the program and the program's own.
 */
import { spawn } from "node:child_process";

const [program = "", ...parameters] = process.argv.slice(2);
const child = spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit"] });
const end = (): void => void child.kill("SIGKILL");

child.once("spawn", () => process.send?.(child.pid));
child.once("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.once("exit", (code, signal) => {
  if (signal !== null) process.stderr.write(`ended by ${signal}\n`);
  process.exit(code ?? 1);
});
process.on("disconnect", end);
// The parent may have ended before anyone listened.
if (!process.connected) end();
