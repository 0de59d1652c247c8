/** @file A real Redis on this machine, for tests: Debian's `redis-server`, on a free loopback port. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";

const program = "redis-server";

/** @see redis-server.d.mts */
export async function startRedisServer({ isDurable = false, settings = {} } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "litmus-redis-"));
  const port = await freePort();
  let child = await start();

  function start() {
    const own = { bind: "127.0.0.1", port, dir: directory, save: "", appendonly: isDurable ? "yes" : "no" };
    const args = Object.entries({ ...own, appendfsync: "always", ...settings });
    return started(args.flatMap(([name, value]) => [`--${name}`, String(value)]));
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    get processId() {
      return child.pid;
    },
    async kill() {
      await ended(child, "SIGKILL");
    },
    async restart() {
      child = await start();
    },
    async stop() {
      await ended(child, "SIGKILL");
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Resolves when the server serves. */
function started(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.once("error", () =>
      reject(new Error(`${program} could not be started: install Redis (Debian: redis-server)`)),
    );
    child.once("exit", () => reject(new Error(`${program} ended before it was ready:\n${text}`)));
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("Ready to accept connections")) resolve(child);
    });
  });
}

function ended(child, signal) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
