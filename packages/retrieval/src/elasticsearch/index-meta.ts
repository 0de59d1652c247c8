import type { Client } from "@elastic/elasticsearch";
import { LitmusError, type Sha256 } from "@litmus/core";
import { z } from "zod";
import { mappings } from "./index-layout.ts";

/** Changes whenever an index of the same records could answer otherwise: mappings, analysis, sums. */
export const elasticsearchFormat = "litmus-elasticsearch:1";

const hex = z.string().regex(/^[0-9a-f]+$/);
const progressSchema = z.strictObject({
  /** Records of the source that are done with: loaded or rejected. */
  records: z.int().min(0),
  rejected: z.int().min(0),
  /** Content sum of all of them: a source that changed is noticed. */
  readSum: hex,
  /** Content sum of those in the index. */
  loadedSum: hex,
});
const metaSchema = z.strictObject({
  format: z.literal(elasticsearchFormat),
  name: z.string().min(1),
  idSpace: z.enum(["pubmed", "own"]),
  k1: z.number(),
  b: z.number(),
  shards: z.int().min(1),
  progress: progressSchema,
  /** Null until the index is whole. */
  id: z.custom<Sha256>((value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value)).nullable(),
});

/** How far a build has come. */
export type LoadProgress = Readonly<z.infer<typeof progressSchema>>;

/** What an index says of itself, kept in the index (`_meta` of its mapping): it cannot be parted from the documents. */
export type IndexMeta = Readonly<z.infer<typeof metaSchema>>;

export const nothingLoaded: LoadProgress = { records: 0, rejected: 0, readSum: "0", loadedSum: "0" };

const answerSchema = z.record(
  z.string(),
  z.object({ mappings: z.object({ _meta: z.object({ litmus: z.unknown() }).optional() }) }),
);

/**
 * What the indexes under a name, an alias or a pattern say of themselves, by index; null for those that Litmus did not
 * build. No index under a pattern is an empty map. @throws errors of the client
 */
export async function readIndexMetas(client: Client, name: string): Promise<ReadonlyMap<string, IndexMeta | null>> {
  const answer = answerSchema.safeParse(await client.indices.getMapping({ index: name }));
  if (!answer.success) throw new LitmusError("incompatible", `the server's mapping of ${name} cannot be read`);
  return new Map(
    Object.entries(answer.data).map(([index, each]) => [
      index,
      metaSchema.safeParse(each.mappings._meta?.litmus).data ?? null,
    ]),
  );
}

/** Replaces what an index says of itself. @throws errors of the client */
export async function writeIndexMeta(client: Client, index: string, meta: IndexMeta): Promise<void> {
  await client.indices.putMapping({ index, _meta: { litmus: meta } });
}

/** The mappings of a new index that says this of itself. */
export const mappingsWith = (meta: IndexMeta) => ({ ...mappings, _meta: { litmus: meta } });
