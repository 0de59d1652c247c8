import { resolve } from "node:path";
import type { Retriever } from "@litmus/core";
import { openElasticsearchIndex, openIndex, type Bm25Preset, type SearchServerOptions } from "@litmus/retrieval";
import { searchServerOf } from "../wiring/open-retriever.ts";

/** Flags of the commands that work with an index on a search server. */
export interface IndexServerOptions {
  readonly urlVariable: string;
  readonly apiKeyVariable?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordVariable: string;
  readonly certificates?: string | undefined;
}

/** The server that the flags name, as a config would. */
export function indexServerOf(
  { urlVariable, apiKeyVariable, username, passwordVariable, certificates }: IndexServerOptions,
  flavor: "elasticsearch" | "opensearch",
): Promise<SearchServerOptions> {
  const credentials =
    apiKeyVariable !== undefined
      ? ({ type: "api-key", keyVariable: apiKeyVariable } as const)
      : username !== undefined
        ? ({ type: "basic", username, passwordVariable } as const)
        : ({ type: "none" } as const);
  return searchServerOf({ flavor, urlVariable, credentials, certificates }, process.cwd());
}

interface IndexTarget extends IndexServerOptions {
  readonly from: "folder" | "elasticsearch" | "opensearch";
  readonly preset: Bm25Preset;
}

/** The index in a folder, or behind an alias of a search server. @throws LitmusError `not-found`, and as the openers do */
export async function openIndexTarget(target: string, options: IndexTarget): Promise<Retriever> {
  const { from, preset } = options;
  if (from === "folder") return openIndex(resolve(target), { preset });
  return openElasticsearchIndex({ server: await indexServerOf(options, from), index: target });
}
