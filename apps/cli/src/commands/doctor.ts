import { constants } from "node:fs";
import { access, mkdir, statfs } from "node:fs/promises";
import { availableParallelism, freemem, totalmem } from "node:os";
import { resolve } from "node:path";
import { LitmusError, toLitmusError } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { checkNativeSampler, kernelsState } from "@litmus/policy";
import { readLock } from "@litmus/store";
import { checkNativeTrainer } from "@litmus/trainer";
import { environment } from "../environment.ts";
import { createReporter } from "../output/create-reporter.ts";
import { isOfThisMachine } from "../wiring/folder/within-reach.ts";
import { loadProblems } from "../wiring/load-problems.ts";
import { kernelsDirectory } from "../wiring/open-kernels.ts";
import { openChatPolicy } from "../wiring/open-chat-policy.ts";
import { directoryOf, isModelCached } from "../wiring/open-model.ts";

interface DoctorOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly config?: string | undefined;
}

interface Finding {
  readonly name: string;
  readonly status: "ok" | "warning" | "error";
  readonly message: string;
  readonly hint?: string;
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** `litmus doctor`: what would keep an experiment from running here; exit code 3 when something would. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const checks = [node, memory, disk, sampler, trainer, experiment, runsFolder];
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check(options)));
  const mark = { ok: "ok     ", warning: "warning", error: "ERROR  " };
  const text = findings.map(
    ({ name, status, message, hint }) =>
      `${mark[status]} ${name}: ${message}${hint === undefined ? "" : `\n          ${hint}`}`,
  );
  createReporter(options.json).result({ type: "doctor", findings }, text.join("\n"));
  const broken = findings.filter((finding) => finding.status === "error");
  if (broken.length > 0)
    throw new LitmusError("unavailable", `${broken.map((finding) => finding.name).join(", ")} must be mended first`);
}

async function node(): Promise<Finding[]> {
  return [
    {
      name: "node",
      status: "ok",
      message: `${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`,
    },
  ];
}

async function memory(): Promise<Finding[]> {
  const free = freemem();
  const message = `${gib(free)} of ${gib(totalmem())} free`;
  return [
    free > 5 * 2 ** 30
      ? { name: "memory", status: "ok", message }
      : { name: "memory", status: "warning", message, hint: "training a policy of 270 M parameters takes about 5 GiB" },
  ];
}

async function disk({ dir }: DoctorOptions): Promise<Finding[]> {
  const stats = await statfs(resolve(dir)).catch(() => statfs("."));
  const free = stats.bavail * stats.bsize;
  const message = `${gib(free)} free for ${dir}`;
  return [
    free > 3 * 2 ** 30
      ? { name: "disk", status: "ok", message }
      : { name: "disk", status: "warning", message, hint: "a model takes 0.8 GiB and each checkpoint 60 MB" },
  ];
}

async function sampler(): Promise<Finding[]> {
  return [await attempt("sampler", checkNativeSampler), await kernels()];
}

async function kernels(): Promise<Finding> {
  const state = await kernelsState(kernelsDirectory);
  if (state.type === "built") return { name: "kernels", status: "ok", message: "built for this processor" };
  if (state.type === "buildable")
    return { name: "kernels", status: "ok", message: "will be built for this processor by the first run" };
  return {
    name: "kernels",
    status: "warning",
    message: `llama.cpp's ready-made ones are used, at about half the speed: ${state.reason}`,
    hint: "on Linux: install git, CMake and a C++ compiler",
  };
}

async function trainer(): Promise<Finding[]> {
  return [await attempt("trainer", checkNativeTrainer)];
}

async function experiment({ config: configPath = environment.quickstart }: DoctorOptions): Promise<Finding[]> {
  try {
    const { config } = await loadConfig(configPath);
    const problems = await loadProblems(config, { configDirectory: directoryOf(configPath) });
    const message = `${config.name}: ${problems.train.length} training and ${problems[config.evaluation.split].length} ${config.evaluation.split} questions`;
    return [{ name: "experiment", status: "ok", message }, await model(config, directoryOf(configPath))];
  } catch (cause) {
    return [failed("experiment", cause)];
  }
}

async function model(config: ExperimentConfig, configDirectory: string): Promise<Finding> {
  const { policy, model: named } = config;
  if (policy.engine === "chat")
    return attempt("model", async () => {
      await openChatPolicy({ ...policy, name: named.name }, configDirectory);
      return `${policy.module} gives the chat model ${named.name}, which was not asked`;
    });
  if (await isModelCached(config.model, configDirectory))
    return { name: "model", status: "ok", message: `${config.model.name} is in the cache` };
  const message = `${config.model.name} is not in the cache ${environment.cacheDirectory}`;
  if (environment.offline)
    return { name: "model", status: "error", message, hint: "unset LITMUS_OFFLINE once, so that it can be fetched" };
  return { name: "model", status: "warning", message, hint: "it is fetched at the first run, about 250 MB" };
}

async function runsFolder({ dir }: DoctorOptions): Promise<Finding[]> {
  const folder = resolve(dir);
  const lock = await readLock(`${folder}/store`);
  if (lock?.yields === true && isOfThisMachine(lock))
    return [
      { name: "runs", status: "ok", message: `${dir} is shown at ${lock.address}, and given up when it is needed` },
    ];
  if (lock !== null)
    return [
      {
        name: "runs",
        status: "warning",
        message: `${dir} is held by process ${lock.pid}${isOfThisMachine(lock) ? "" : ` on ${lock.host}`}`,
        hint: "wait for it, or stop it",
      },
    ];
  return [
    await attempt("runs", async () => {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      return `${dir} can be written`;
    }),
  ];
}

async function attempt(name: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { name, status: "ok", message: await work() };
  } catch (cause) {
    return failed(name, cause);
  }
}

function failed(name: string, cause: unknown): Finding {
  const { message, hint } = toLitmusError(cause);
  return { name, status: "error", message, ...(hint === undefined ? {} : { hint }) };
}
