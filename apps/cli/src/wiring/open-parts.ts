import type { AdapterFile, CorpusRecord, Policy, RecordId, Retriever, Trainer } from "@litmus/core";
import type { ExperimentConfig, ProblemSplits } from "@litmus/experiment";
import { openAdapter } from "./open-adapter.ts";
import { openEngines, type Opening } from "./open-engines.ts";
import { hashSplits, loadProblems } from "./load-problems.ts";
import { openRetriever } from "./open-retriever.ts";

/** The implementations that a config names, opened. */
export interface Parts {
  readonly policy: Policy;
  readonly retriever: Retriever;
  readonly record: (id: RecordId) => Promise<CorpusRecord | null>;
  readonly problems: ProblemSplits;
  /** @see openAdapter; what it is converted to is written below the directory. */
  readonly importedAdapter: (path: string, directory: string) => Promise<AdapterFile>;
  /** Started at the first call. */
  readonly trainer: () => Promise<Trainer>;
  /** Hashes of everything the parts were made from. */
  readonly manifest: Readonly<Record<string, string>>;
  readonly downloadSeconds: number;
  readonly processIds: () => readonly number[];
  close(): Promise<void>;
}

/** Opens what an experiment works with: the one place where ports meet their implementations. */
export async function openParts(config: ExperimentConfig, opening: Opening): Promise<Parts> {
  const problems = await loadProblems(config, opening);
  const { retriever, record } = await openRetriever(config, opening);
  const engines = await openEngines(config, opening);
  return {
    policy: engines.policy,
    retriever,
    record,
    problems,
    trainer: engines.trainer,
    importedAdapter: (path, directory) =>
      openAdapter({ path, directory, configDirectory: opening.configDirectory, baseSha256: engines.baseSha256 }),
    manifest: {
      ...engines.manifest,
      index: retriever.info.id,
      ...hashSplits(problems),
    },
    downloadSeconds: engines.downloadSeconds,
    processIds: () => [process.pid, ...(process.connected ? [process.ppid] : []), ...engines.processIds()],
    close: async () => {
      await engines[Symbol.asyncDispose]();
      await retriever.close();
    },
  };
}
