import type { SearchServerOptions } from "@litmus/retrieval";
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
