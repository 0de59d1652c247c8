import { resolve } from "node:path";
import { LitmusError } from "@litmus/core";
import { hashProblems, readProblems, splitByConnectedComponents, type ProblemFields } from "@litmus/corpus";
import type { ExperimentConfig, ProblemSplits } from "@litmus/experiment";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";
import { loadPaperSearchQa } from "./paper-search-qa.ts";

/** The question set of an experiment in its parts. */
export async function loadProblems(
  config: ExperimentConfig,
  { configDirectory, reporter }: { readonly configDirectory: string; readonly reporter?: Reporter },
): Promise<ProblemSplits> {
  const { problems } = config;
  const read = (path: string, fields: ProblemFields): ReturnType<typeof readProblems> =>
    readProblems({ path: resolve(configDirectory, path), fields, idPrefix: "" });
  switch (problems.type) {
    case "files": {
      const fields = problems.fields as ProblemFields;
      return refuseEmpty(config, {
        train: await read(problems.train, fields),
        validation: await read(problems.validation, fields),
        test: await read(problems.test, fields),
      });
    }
    case "connected-components":
      return refuseEmpty(
        config,
        splitByConnectedComponents(await read(problems.path, problems.fields as ProblemFields), {
          seed: config.seed,
          shares: problems.shares,
        }),
      );
    case "paper-search-qa": {
      const { cacheDirectory, offline } = environment;
      const onProgress = (file: string, done: number, total: number | null): void =>
        reporter?.progress(`fetching ${file}`, done, total);
      const options = { seed: config.seed, configDirectory, cacheDirectory, offline, onProgress };
      return refuseEmpty(config, await loadPaperSearchQa(problems, options));
    }
    default:
      return problems satisfies never;
  }
}

function refuseEmpty(config: ExperimentConfig, splits: ProblemSplits): ProblemSplits {
  const needed = [...(config.stages.length > 0 ? (["train"] as const) : []), config.evaluation.split];
  const empty = needed.find((split) => splits[split].length === 0);
  if (empty === undefined) return splits;
  throw new LitmusError("invalid-data", `the ${empty} part of the question set is empty`, {
    path: "problems",
    hint: "check the file and its field map",
  });
}

/** One hash a part: a run is refused when its questions changed. */
export function hashSplits(splits: ProblemSplits): Record<string, string> {
  return Object.fromEntries(Object.entries(splits).map(([name, part]) => [`problems.${name}`, hashProblems(part)]));
}
