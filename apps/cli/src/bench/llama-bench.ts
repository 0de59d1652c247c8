import { spawn } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { LitmusError, sha256OfFile } from "@litmus/core";
import { z } from "zod";
import { environment } from "../environment.ts";
import { exists } from "../wiring/exists.ts";

/** The shape of the measurement, as llama.cpp's own benchmark takes it. */
export const shape = { promptTokens: 512, sampledTokens: 64, sequences: [1, 8, 16] } as const;

/** Tokens a second of one number of sequences. */
export interface RolloutSpeed {
  readonly sequences: number;
  readonly prefill: number;
  readonly decode: number;
}

const target = "llama-batched-bench";

/**
 * llama.cpp's benchmark, built for this machine's processor from the source that node-llama-cpp ships; kept in the cache.
 * @returns the program's path
 * @throws LitmusError `unavailable` without git, CMake or a C++ compiler
 */
export async function buildLlamaBench(note: (text: string) => void): Promise<string> {
  const bundle = sourceBundle();
  const folder = join(environment.cacheDirectory, "benchmarks", `llama-${(await sha256OfFile(bundle)).slice(0, 16)}`);
  const program = join(folder, "build", "bin", target);
  if (await exists(program)) return program;
  note(`building ${target} in ${folder}`);
  const source = `${folder}.part`;
  await rm(source, { recursive: true, force: true });
  await mkdir(dirname(source), { recursive: true });
  await runTool("git", ["clone", "--quiet", bundle, source]);
  await rm(folder, { recursive: true, force: true });
  await rename(source, folder);
  const off = ["LLAMA_CURL", "LLAMA_OPENSSL", "LLAMA_BUILD_TESTS", "LLAMA_BUILD_SERVER"].map((name) => `-D${name}=OFF`);
  const build = join(folder, "build");
  await runTool("cmake", ["-S", folder, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON", ...off]);
  await runTool("cmake", ["--build", build, "--target", target, "--parallel", String(availableParallelism())]);
  return program;
}

const row = z.object({ pl: z.int(), speed_pp: z.number(), speed_tg: z.number() });

/** One run of it over all numbers of sequences. */
export async function runLlamaBench(
  program: string,
  { modelPath, threads }: { readonly modelPath: string; readonly threads: number },
): Promise<RolloutSpeed[]> {
  const { promptTokens, sampledTokens, sequences } = shape;
  const context = Math.max(...sequences) * (promptTokens + sampledTokens);
  const settings = {
    "-m": modelPath,
    "-c": context,
    "-b": 2048,
    "-ub": 512,
    "-t": threads,
    "-tb": threads,
    "-npp": promptTokens,
    "-ntg": sampledTokens,
    "-npl": sequences.join(","),
    "--output-format": "jsonl",
  };
  const output = await runTool(program, Object.entries(settings).flat().map(String));
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => row.parse(JSON.parse(line)))
    .map(({ pl, speed_pp, speed_tg }) => ({ sequences: pl, prefill: speed_pp, decode: speed_tg }));
}

function sourceBundle(): string {
  const policy = createRequire(import.meta.resolve("@litmus/policy"));
  // The package exports neither its manifest nor its source: the entry is dist/index.js.
  return join(dirname(policy.resolve("node-llama-cpp")), "..", "llama", "gitRelease.bundle");
}

async function runTool(command: string, parameters: readonly string[]): Promise<string> {
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | string>((resolve) => {
    child.once("close", (exitCode, signal) => resolve(exitCode ?? signal ?? "unknown"));
    child.once("error", (error) => resolve(error.message));
  });
  if (code === 0) return output;
  throw new LitmusError("unavailable", `${command} failed (${code}): ${errors.trim()}`, {
    hint: "the comparison builds llama.cpp: it needs git, CMake and a C++ compiler",
  });
}
