import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LitmusError } from "@litmus/core";
import { environment } from "../../environment.ts";

/** Characters of what the builder says that an error repeats. */
const longestTold = 2_000;

export interface ViteBuild {
  readonly packageDirectory: string;
  /** Config of the build, in the package's folder. */
  readonly config: string;
  /** Where it is written. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Builds a part of a package into a folder, in a process of its own, which does not outlive this one. What it wrote before it was
 * stopped, or failed, stays, unless this process ends.
 * @throws LitmusError `unavailable` where vite is not installed, `invalid-data` when the sources do not build; the signal's reason
 */
export async function buildWithVite({ packageDirectory, config, folder, signal }: ViteBuild): Promise<void> {
  signal.throwIfAborted();
  const words = ["build", "--config", config, "--outDir", folder, "--emptyOutDir", "--logLevel", "error"];
  const child = spawn(process.execPath, [viteOf(packageDirectory), ...words], {
    cwd: packageDirectory,
    env: environment.forProgram({ NODE_ENV: "production" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = (): void => void child.kill("SIGKILL");
  const end = (): void => {
    stop();
    removeNow(folder);
  };
  signal.addEventListener("abort", stop);
  process.on("exit", end);
  try {
    const { exitCode, killedBy, told } = await endOf(child);
    signal.throwIfAborted();
    // A terminal sends Ctrl-C to both processes.
    if (killedBy === "SIGINT") throw new LitmusError("interrupted", "the build of the page was interrupted");
    if (exitCode !== 0) throw notBuilt(packageDirectory, told || `its builder was ended by ${killedBy}`);
  } finally {
    signal.removeEventListener("abort", stop);
    process.off("exit", end);
  }
}

interface BuildEnd {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  /** All that it said. */
  readonly told: string;
}

function endOf(child: ChildProcess): Promise<BuildEnd> {
  let told = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (told += text.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, killedBy) => resolve({ exitCode, killedBy, told: told.trim() }));
  });
}

/** While this process ends nothing can be waited for; what cannot be removed is removed by the next build. */
function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch (cause) {
    process.stderr.write(`litmus: ${folder} is left of a build that was ended: ${String(cause)}\n`);
  }
}

function notBuilt(packageDirectory: string, told: string): LitmusError {
  const [reason = ""] = told.split(/\n\s+at /, 1);
  return new LitmusError("invalid-data", `the page could not be built: ${reason.slice(0, longestTold)}`, {
    path: packageDirectory,
    hint: "bring its sources back to those of this release, then run the same command again",
  });
}

function viteOf(packageDirectory: string): string {
  try {
    const manifest = createRequire(join(packageDirectory, "package.json")).resolve("vite/package.json");
    return join(dirname(manifest), "bin", "vite.js");
  } catch (cause) {
    throw new LitmusError("unavailable", "the page cannot be built: its builder, vite, is not installed", {
      path: packageDirectory,
      hint: "run the command as npx litmus or node bin/litmus.mjs, which install what the lockfile says",
      cause,
    });
  }
}
