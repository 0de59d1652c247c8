import { spawn } from "node:child_process";
import { access, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256, sha256OfFile, toLitmusError } from "@litmus/core";
import { installedBinary } from "./installed-binary.ts";

export interface KernelsRequest {
  /** Folder in which kernels are kept, one folder each for a release of llama.cpp and a processor. */
  readonly directory: string;
  /** Told what takes long, and why there are none. */
  readonly note: (text: string) => void;
}

const library = "libggml-cpu.so";
const failure = "failed.txt";

/** Sonames must be those of the libraries that node-llama-cpp brings: the kernels are loaded beside them. */
const project = `cmake_minimum_required(VERSION 3.18)
project(kernels C CXX)
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(BUILD_SHARED_LIBS ON)
set(GGML_BACKEND_DL ON CACHE BOOL "")
set(GGML_NATIVE OFF CACHE BOOL "")
set(GGML_LLAMAFILE ON CACHE BOOL "")
set(GGML_OPENMP OFF CACHE BOOL "")
set(GGML_CCACHE OFF CACHE BOOL "")
add_compile_options(-march=native)
add_subdirectory(\${SOURCE}/ggml ggml)
`;

/**
 * llama.cpp's CPU kernels, compiled for this processor from the source that node-llama-cpp ships, once; the ones that it
 * brings ready-made take up to twice as long. A failed build is kept as a note, and not tried again.
 * @returns their folder, or null where there are none: another platform, no git, CMake or C++ compiler, a failed build
 */
export async function buildKernels({ directory, note }: KernelsRequest): Promise<string | null> {
  const binary = installedBinary();
  if (binary === null) return null;
  const processor = `${process.arch} ${cpus()[0]?.model ?? ""}`;
  const folder = join(directory, sha256(`${await sha256OfFile(binary.source)} ${processor}`).slice(0, 16));
  if (await exists(join(folder, library))) return folder;
  const earlier = await readFile(join(folder, failure), "utf8").catch(() => null);
  if (earlier !== null) {
    note(`llama.cpp's ready-made kernels are used: building others failed, see ${join(folder, failure)}`);
    return null;
  }
  const missing = await missingTools();
  if (missing.length > 0) {
    note(`llama.cpp's ready-made kernels are used, at about half the speed: there is no ${missing.join(", no ")}`);
    return null;
  }
  note("building llama.cpp's kernels for this processor, once: about a minute");
  return build(binary.source, { folder, note });
}

async function build(
  source: string,
  { folder, note }: { readonly folder: string; readonly note: (text: string) => void },
): Promise<string | null> {
  const work = await mkdtemp(join(tmpdir(), "litmus-kernels-"));
  try {
    await runTool("git", ["clone", "--quiet", source, join(work, "source")]);
    await writeFile(join(work, "CMakeLists.txt"), project);
    const output = join(work, "build");
    await runTool("cmake", [
      "-S",
      work,
      "-B",
      output,
      "-DCMAKE_BUILD_TYPE=Release",
      `-DSOURCE=${join(work, "source")}`,
    ]);
    const jobs = String(availableParallelism());
    await runTool("cmake", ["--build", output, "--target", "ggml-cpu", "--parallel", jobs]);
    const made = join(work, "made");
    await mkdir(made);
    await copyFile(join(output, "bin", library), join(made, library));
    await runTool(process.execPath, [fileURLToPath(new URL("./check-kernels.ts", import.meta.url)), made]);
    await mkdir(folder, { recursive: true });
    await copyFile(join(made, library), join(folder, `${library}.part`));
    await rename(join(folder, `${library}.part`), join(folder, library));
    return folder;
  } catch (cause) {
    const { message } = toLitmusError(cause);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, failure), `${message}\nRemove this file to try again.\n`);
    note(`llama.cpp's ready-made kernels are used: ${message.split("\n")[0]}`);
    return null;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function missingTools(): Promise<string[]> {
  const tools = { git: "git", cmake: "CMake", "c++": "C++ compiler" };
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

async function runTool(command: string, parameters: readonly string[]): Promise<void> {
  const child = spawn(command, parameters, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-keptCharacters)));
  const code = await new Promise<number | string>((resolve) => {
    child.once("close", (exitCode, signal) => resolve(exitCode ?? signal ?? "unknown"));
    child.once("error", (error) => resolve(error.message));
  });
  if (code !== 0) throw new Error(`${command} failed (${code}): ${errors.trim()}`);
}
