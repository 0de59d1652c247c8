import { isAbsolute, join, resolve } from "node:path";
import type { ExperimentConfig } from "@litmus/experiment";
import { exists } from "../wiring/exists.ts";
import { isModelCached } from "../wiring/open-model.ts";

/** A part that is elsewhere, or a program of its own: it is probed when the run begins. */
export interface NeededServer {
  readonly part: string;
  readonly engine: string;
  /** Environment variable that names its address, or the program's path. */
  readonly variable: string;
}

/** The servers of a run, from its config alone. */
export function neededServers(config: ExperimentConfig): NeededServer[] {
  const { store, queue, retriever, policy, trainer, stages } = config;
  const trains = stages.length > 0 || policy.engine === "tinker";
  const parts = { store, queue, retriever, sampler: policy, ...(trains ? { trainer } : {}) };
  return Object.entries(parts).flatMap(([part, chosen]): NeededServer[] => {
    if ("urlVariable" in chosen) return [{ part, engine: chosen.engine, variable: chosen.urlVariable }];
    return "programVariable" in chosen ? [{ part, engine: chosen.engine, variable: chosen.programVariable }] : [];
  });
}

export interface NeededFiles {
  /** Sources of what is not in the cache. */
  readonly fetches: readonly object[];
  /** Files that have no other source, as the config names them. */
  readonly missing: readonly string[];
}

/** The files of a run that are not here. @param directory of the experiment file */
export async function neededFiles(config: ExperimentConfig, directory: string): Promise<NeededFiles> {
  const { model, policy, problems } = config;
  const sources = policy.engine === "scripted" || (await isModelCached(model, directory)) ? [] : model.sources;
  const fetched = sources.filter((source) => source.type !== "path");
  // Its files have hashes of their own: whether they are whole is seen when they are read.
  const questions = problems.type === "paper-search-qa" && problems.source.type === "hub" ? [problems.source] : [];
  const paths = [
    ...(fetched.length === 0 ? sources.flatMap((source) => (source.type === "path" ? [source.path] : [])) : []),
    ...problemPaths(problems),
    ...partPaths(config),
  ];
  const found = await Promise.all(paths.map((path) => exists(resolve(directory, path))));
  return { fetches: [...fetched, ...questions], missing: paths.filter((_, index) => found[index] === false) };
}

function problemPaths(problems: ExperimentConfig["problems"]): string[] {
  switch (problems.type) {
    case "files":
      return [problems.train, problems.validation, problems.test];
    case "connected-components":
      return [problems.path];
    case "paper-search-qa": {
      const { source, files } = problems;
      return source.type === "path" ? [join(source.path, files.train), join(source.path, files.test)] : [];
    }
    default:
      return problems satisfies never;
  }
}

function partPaths({ corpus, retriever, policy, stages }: ExperimentConfig): string[] {
  return [
    ...(retriever.engine === "bm25" ? [corpus.path] : []),
    ...("certificates" in retriever && retriever.certificates !== undefined ? [retriever.certificates] : []),
    ...(policy.engine === "chat" && isFile(policy.module) ? [policy.module] : []),
    ...stages.flatMap((stage) => (stage.type === "import" ? [stage.adapter] : [])),
  ];
}

/** Not a package, which Node finds. */
const isFile = (module: string): boolean => isAbsolute(module) || module.startsWith(".");
