import { type Client, errors } from "@elastic/elasticsearch";
import { LitmusError } from "@litmus/core";
import { z } from "zod";
import { readIndexMetas, type IndexMeta } from "./index-meta.ts";

/** One of the indexes that an alias has pointed at, points at or may point at: `pubmed-000003`. */
export interface IndexVersion {
  readonly index: string;
  readonly number: number;
  readonly meta: IndexMeta;
}

/** Litmus's indexes of an alias, the newest first. @throws errors of the client */
export async function listVersions(client: Client, alias: string): Promise<readonly IndexVersion[]> {
  const metas = await readIndexMetas(client, `${alias}-*`);
  return [...metas]
    .flatMap(([index, meta]) => {
      const digits = index.slice(alias.length + 1);
      return meta !== null && /^\d{6}$/.test(digits) ? [{ index, number: Number(digits), meta }] : [];
    })
    .sort((a, b) => b.number - a.number);
}

/** `pubmed-000003`. @param number from 1 */
export const versionName = (alias: string, number: number): string => `${alias}-${String(number).padStart(6, "0")}`;

const aliasesSchema = z.record(z.string(), z.object({ aliases: z.record(z.string(), z.unknown()) }));

/** The indexes that an alias points at. @throws errors of the client */
export async function indexesBehind(client: Client, alias: string): Promise<readonly string[]> {
  try {
    return Object.keys(aliasesSchema.parse(await client.indices.getAlias({ name: alias })));
  } catch (error) {
    if (error instanceof errors.ResponseError && error.statusCode === 404) return [];
    throw error;
  }
}

/** The aliases that point at an index. @throws errors of the client */
export async function aliasesOf(client: Client, index: string): Promise<readonly string[]> {
  const answer = aliasesSchema.parse(await client.indices.getAlias({ index }));
  return Object.keys(answer[index]?.aliases ?? {});
}

/**
 * Points an alias at one index in one step: at no moment does a search find none or two.
 * @returns the indexes that it pointed at before
 * @throws errors of the client
 */
export async function pointAlias(client: Client, alias: string, index: string): Promise<readonly string[]> {
  const replaced = (await indexesBehind(client, alias)).filter((old) => old !== index);
  const actions = [...replaced.map((old) => ({ remove: { index: old, alias } })), { add: { index, alias } }];
  await client.indices.updateAliases({ actions });
  return replaced;
}

/** @throws LitmusError `conflict` when an unfinished index was begun with other settings */
export function refuseOtherSettings({ index, meta }: IndexVersion, wanted: IndexMeta): void {
  const differing = (["name", "idSpace", "k1", "b", "shards"] as const).find((key) => meta[key] !== wanted[key]);
  if (differing === undefined) return;
  throw new LitmusError(
    "conflict",
    `the unfinished index ${index} was begun with ${differing} ${meta[differing]}, not ${wanted[differing]}`,
    { path: differing, hint: "Build with the same settings, or delete the unfinished index to build anew." },
  );
}
