import type { Client } from "@elastic/elasticsearch";
import { LitmusError } from "@litmus/core";
import { checkIndexName } from "./index-layout.ts";
import { aliasesOf, indexesBehind, listVersions, pointAlias } from "./index-versions.ts";
import { connectSearchServer, type SearchServerOptions } from "./search-server.ts";
import { toServerError } from "./server-errors.ts";

/** One index of an alias. */
export interface ElasticsearchIndexState {
  readonly index: string;
  readonly state: "serving" | "whole" | "unfinished";
  readonly documents: number;
  readonly rejected: number;
}

/** The indexes that were built for an alias, the newest first. @throws LitmusError as {@link connectSearchServer}, `unavailable` */
export async function listElasticsearchIndexes(
  server: SearchServerOptions,
  alias: string,
): Promise<readonly ElasticsearchIndexState[]> {
  checkIndexName(alias);
  return onServer(server, `listing the indexes of ${alias}`, async (client) => {
    const [versions, serving] = await Promise.all([listVersions(client, alias), indexesBehind(client, alias)]);
    return versions.map(({ index, meta: { id, progress } }) => {
      const state = serving.includes(index) ? "serving" : id === null ? "unfinished" : "whole";
      return { index, state, documents: progress.records - progress.rejected, rejected: progress.rejected };
    });
  });
}

/**
 * Points an alias at another whole index: back to an earlier one, for example.
 * @throws LitmusError `not-found` when the alias has no such index that is whole
 */
export async function serveElasticsearchIndex(
  server: SearchServerOptions,
  alias: string,
  index: string,
): Promise<void> {
  checkIndexName(alias);
  await onServer(server, `pointing ${alias} at ${index}`, async (client) => {
    const versions = await listVersions(client, alias);
    if (versions.some((version) => version.index === index && version.meta.id !== null)) {
      await pointAlias(client, alias, index);
      return;
    }
    throw new LitmusError("not-found", `${alias} has no whole index ${index}`, {
      path: "index",
      hint: "listElasticsearchIndexes names them.",
    });
  });
}

/** Deletes an index for good. @throws LitmusError `conflict` while an alias points at it, `not-found` */
export async function deleteElasticsearchIndex(server: SearchServerOptions, index: string): Promise<void> {
  checkIndexName(index);
  await onServer(server, `deleting ${index}`, async (client) => {
    const aliases = await aliasesOf(client, index);
    if (aliases.length === 0) {
      await client.indices.delete({ index });
      return;
    }
    throw new LitmusError("conflict", `${index} is what ${aliases.join(", ")} serves`, {
      path: "index",
      hint: "Point the alias at another index first.",
    });
  });
}

async function onServer<T>(
  options: SearchServerOptions,
  doing: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { client } = await connectSearchServer(options);
  try {
    return await work(client);
  } catch (error) {
    throw toServerError(error, doing);
  } finally {
    await client.close();
  }
}
