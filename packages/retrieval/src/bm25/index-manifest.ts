import { canonicalJson, type Sha256, sha256 } from "@litmus/core";
import { z } from "zod";
import { analyzerVersion } from "../analysis/english-analyzer.ts";

export const indexFormat = "litmus-bm25";
export const indexFormatVersion = 1;
export const manifestFile = "manifest.json";

/** The files of an index beside its manifest. */
export const indexFiles = {
  terms: "terms.bin",
  postings: "postings.bin",
  norms: "norms.bin",
  ids: "ids.txt",
  blocks: "text-blocks.bin",
  texts: "texts.bin",
} as const;

const hash = z.custom<Sha256>((value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value), "no SHA-256");
const fileEntry = z.strictObject({ bytes: z.int().min(0), sha256: hash });

/** Only what tells an index of another version, or another file altogether, from this one. */
export const manifestVersionSchema = z.looseObject({
  format: z.literal(indexFormat),
  formatVersion: z.int(),
  analyzer: z.string(),
});

export const indexManifestSchema = z.strictObject({
  format: z.literal(indexFormat),
  formatVersion: z.literal(indexFormatVersion),
  analyzer: z.literal(analyzerVersion),
  /** Hash over records, analysis and format: equal indexes have equal ids, whoever built them. */
  id: hash,
  name: z.string().min(1),
  /** `pubmed`: record ids are PMIDs. */
  idSpace: z.enum(["pubmed", "own"]),
  documents: z.int().min(1),
  /** Those with at least one term: the N of BM25. */
  documentsWithTerms: z.int().min(0),
  /** Terms of all documents, repeats included. */
  totalTokens: z.int().min(0),
  terms: z.int().min(0),
  files: z.strictObject({
    terms: fileEntry,
    postings: fileEntry,
    norms: fileEntry,
    ids: fileEntry,
    blocks: fileEntry,
    texts: fileEntry,
  }),
  /** SHA-256 of the rest of the manifest. */
  manifestSha256: hash,
});

/** What an index says of itself; plain JSON. */
export type IndexManifest = Readonly<z.infer<typeof indexManifestSchema>>;

/** The hash that guards a manifest against changes. */
export function hashManifest(manifest: Omit<IndexManifest, "manifestSha256">): Sha256 {
  return sha256(canonicalJson({ ...manifest, manifestSha256: undefined }));
}
