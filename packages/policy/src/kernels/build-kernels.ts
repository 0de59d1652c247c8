import { spawn } from "node:child_process";
import { access, copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256, sha256OfFile, toLitmusError } from "@litmus/core";
import { installedBinary, type InstalledBinary } from "./installed-binary.ts";

export interface KernelsRequest {
  /** Folder in which kernels are kept, one folder each for a release of llama.cpp and a processor. */
  readonly directory: string;
  /** Told what takes long, and why there are none. */
  readonly note: (text: string) => void;
}

export const drawLibrary = "draw.node";
const libraries = [drawLibrary, "libggml-cpu.so"] as const;
const project = fileURLToPath(new URL("./project", import.meta.url));
const patch = join(project, "single-precision-sums.patch");

/**
 * llama.cpp's CPU kernels and Litmus's own draw of a token, compiled for this processor from the source that node-llama-cpp
 * ships, once. What it brings ready-made takes twice as long. A failed build is kept as a note, and not tried again.
 * @returns their folder, or null where there are none: another platform, no git, CMake or C++ compiler, a failed build
 */
export async function buildKernels({ directory, note }: KernelsRequest): Promise<string | null> {
  const state = await kernelsState(directory);
  if (state.type === "built") return state.folder;
  if (state.type === "unavailable") {
    note(`llama.cpp's ready-made kernels are used, at about half the speed: ${state.reason}`);
    return null;
  }
  const { binary, folder } = state;
  note("building llama.cpp's kernels for this processor, once: about a minute");
  try {
    await mkdir(directory, { recursive: true });
    const work = await mkdtemp(join(directory, "build-"));
    try {
      await keep(await build(binary, work), folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return folder;
  } catch (cause) {
    const { message } = toLitmusError(cause);
    // An interrupted build says nothing of the next.
    if (cause instanceof ToolFailure && !cause.isInterrupted) await keepFailure(folder, message);
    note(`llama.cpp's ready-made kernels are used: ${message.split("\n")[0]}`);
    return null;
  }
}

/** What there is of kernels in a folder of {@link buildKernels}, and what keeps them from being built. */
export type KernelsState =
  | { readonly type: "built"; readonly folder: string }
  | { readonly type: "buildable"; readonly folder: string; readonly binary: InstalledBinary }
  | { readonly type: "unavailable"; readonly reason: string };

/** Builds nothing. */
export async function kernelsState(directory: string): Promise<KernelsState> {
  const binary = installedBinary();
  if (binary === null) return { type: "unavailable", reason: `none are built for ${process.platform}` };
  const folder = join(directory, await keyOf(binary));
  if (await exists(join(folder, libraries[0]))) return { type: "built", folder };
  const failed = failureOf(folder);
  if (await exists(failed)) return { type: "unavailable", reason: `building them failed, see ${failed}` };
  if ([directory, ...Object.values(binary.headers)].some((path) => path.includes(";")))
    return { type: "unavailable", reason: "CMake takes no path with a semicolon" };
  const missing = await missingTools();
  if (missing.length > 0) return { type: "unavailable", reason: `there is no ${missing.join(", no ")}` };
  return { type: "buildable", folder, binary };
}

/** Of llama.cpp, of the addon, of our own source, and of what the processor can do. */
async function keyOf(binary: InstalledBinary): Promise<string> {
  const own = ["draw.cpp", "CMakeLists.txt"].map((file) => join(project, file));
  const sources = [binary.source, binary.addon, patch, ...own];
  const hashes = await Promise.all(sources.map((path) => sha256OfFile(path)));
  const features = /^(?:flags|Features)\s*:.*$/m.exec(await readFile("/proc/cpuinfo", "utf8").catch(() => ""))?.[0];
  return sha256([...hashes, process.arch, cpus()[0]?.model ?? "", features ?? ""].join(" ")).slice(0, 16);
}

/** Builds and tries the libraries. @returns their folder within the work folder */
async function build({ source, llama, headers }: InstalledBinary, work: string): Promise<string> {
  const [llamaSource, output, made] = [join(work, "source"), join(work, "build"), join(work, "made")];
  await runTool("git", ["clone", "--quiet", source, llamaSource]);
  await runTool("git", ["-C", llamaSource, "apply", patch]);
  await cp(project, join(work, "project"), { recursive: true });
  const settings = {
    CMAKE_BUILD_TYPE: "Release",
    SOURCE: llamaSource,
    LLAMA: llama,
    ADDON: headers.addon,
    NODE_API: headers.nodeApi,
    NODE_ADDON_API: headers.nodeAddonApi,
  };
  const definitions = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  await runTool("cmake", ["-S", join(work, "project"), "-B", output, ...definitions]);
  const jobs = String(availableParallelism());
  await runTool("cmake", ["--build", output, "--target", "ggml-cpu", "draw", "--parallel", jobs]);
  await mkdir(made);
  await copyFile(join(output, "bin", libraries[1]), join(made, libraries[1]));
  await copyFile(join(output, libraries[0]), join(made, libraries[0]));
  await runTool(process.execPath, [fileURLToPath(new URL("./check-kernels.ts", import.meta.url)), made]);
  return made;
}

/** All at once; another process may have been quicker. */
async function keep(made: string, folder: string): Promise<void> {
  await rename(made, folder).catch(async (error: unknown) => {
    if (!(await exists(join(folder, libraries[0])))) throw error;
  });
}

const failureOf = (folder: string): string => `${folder}.failed.txt`;

async function keepFailure(folder: string, message: string): Promise<void> {
  const text = `${message}\nRemove this file to try again.\n`;
  // Where it cannot be kept, the next run tries again.
  await writeFile(failureOf(folder), text).catch(() => undefined);
}

async function missingTools(): Promise<string[]> {
  const tools = { git: "git", cmake: "CMake", make: "make", "c++": "C++ compiler" };
  const found = await Promise.all(
    Object.keys(tools).map((tool) =>
      runTool(tool, ["--version"]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return Object.values(tools).filter((_, index) => found[index] === false);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const keptCharacters = 2000;

/** A tool that ended with an error, or by a signal. */
class ToolFailure extends Error {
  readonly isInterrupted: boolean;

  constructor(message: string, isInterrupted: boolean) {
    super(message);
    this.isInterrupted = isInterrupted;
  }
}

async function runTool(command: string, parameters: readonly string[]): Promise<void> {
  // In a process group of its own: Ctrl-C stops the run at its next safe point, not the build.
  const child = spawn(command, parameters, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-keptCharacters)));
  const { promise, resolve } = Promise.withResolvers<number | string>();
  child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  child.once("error", (error) => resolve(error.message));
  const code = await promise;
  if (code === 0) return;
  throw new ToolFailure(`${command} failed (${code}): ${errors.trim()}`, typeof code === "string");
}
