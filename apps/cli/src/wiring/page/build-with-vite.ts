import { spawn } from "node:child_process";
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
}

/**
 * Builds a part of a package into a folder, in a process of its own.
 * @throws LitmusError `unavailable` where vite is not installed, `invalid-data` when the sources do not build
 */
export async function buildWithVite({ packageDirectory, config, folder }: ViteBuild): Promise<void> {
  const words = ["build", "--config", config, "--outDir", folder, "--emptyOutDir", "--logLevel", "error"];
  const child = spawn(process.execPath, [viteOf(packageDirectory), ...words], {
    cwd: packageDirectory,
    env: environment.forProgram({ NODE_ENV: "production" }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (told += text.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", reject);
  child.on("close", resolve);
  const exitCode = await promise;
  if (exitCode === 0) return;
  throw new LitmusError(
    "invalid-data",
    `the page could not be built: ${told
      .trim()
      .split(/\n\s+at /, 1)[0]
      ?.slice(0, longestTold)}`,
    {
      path: packageDirectory,
      hint: "bring its sources back to those of this release, then run the same command again",
    },
  );
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
