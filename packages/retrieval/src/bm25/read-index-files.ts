/** @file Opens an index folder and believes nothing in it before its size and hash are checked. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { LitmusError, toLitmusError } from "@litmus/core";
import {
  type IndexManifest,
  hashManifest,
  indexFiles,
  indexFormat,
  indexFormatVersion,
  indexManifestSchema,
  manifestFile,
  manifestVersionSchema,
} from "./index-manifest.ts";
import { TermDictionary } from "./term-dictionary.ts";
import { TextBlocks } from "./text-blocks.ts";

/** An index in memory, but for its texts. */
export interface OpenedIndex {
  readonly manifest: IndexManifest;
  readonly terms: TermDictionary;
  readonly postings: Uint8Array;
  /** A length byte for each document. */
  readonly norms: Uint8Array;
  /** Record ids by document, ascending in code units. */
  readonly ids: readonly string[];
  readonly texts: TextBlocks;
  close(): Promise<void>;
}

/**
 * Reads an index. All files but the texts are hashed; of the texts the size is checked here and each block when read.
 * @throws LitmusError `not-found` without a manifest; `corrupt-file`, naming the file, for one that is damaged, cut off,
 * foreign or of another format version
 */
export async function readIndexFiles(directory: string): Promise<OpenedIndex> {
  const manifest = await readManifest(join(directory, manifestFile));
  const path = (name: keyof typeof indexFiles): string => join(directory, indexFiles[name]);
  const load = (name: keyof typeof indexFiles): Promise<Buffer> => readChecked(path(name), manifest.files[name]);
  const [terms, postings, norms, ids, blocks] = [
    await load("terms"),
    await load("postings"),
    await load("norms"),
    await load("ids"),
    await load("blocks"),
  ];
  const idList = ids.toString().split("\n").slice(0, -1);
  if (idList.length !== manifest.documents) throw corrupt(path("ids"), "does not hold one id for each document");
  if (norms.length !== manifest.documents) throw corrupt(path("norms"), "does not hold one byte for each document");
  const dictionary = new TermDictionary(terms, path("terms"));
  const file = await openSized(path("texts"), manifest.files.texts.bytes);
  try {
    const expected = { documents: manifest.documents, bytes: manifest.files.texts.bytes };
    const texts = new TextBlocks(file, path("texts"), blocks, expected);
    return { manifest, terms: dictionary, postings, norms, ids: idList, texts, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readManifest(path: string): Promise<IndexManifest> {
  const text = await readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(path, "is not JSON", error);
  }
  const version = manifestVersionSchema.safeParse(value);
  if (!version.success) throw corrupt(path, `is not the manifest of a ${indexFormat} index`);
  const parsed = indexManifestSchema.safeParse(value);
  if (!parsed.success) {
    const { formatVersion, analyzer } = version.data;
    const what = `is of format version ${formatVersion}, analysis ${analyzer}; this program reads version ${indexFormatVersion}`;
    throw corrupt(path, formatVersion === indexFormatVersion ? "is damaged" : what, parsed.error);
  }
  if (hashManifest(parsed.data) !== parsed.data.manifestSha256) throw corrupt(path, "differs from its own hash");
  return parsed.data;
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path, "r");
    return await file.readFile("utf8");
  } catch (error) {
    const known = toLitmusError(error);
    const what = known.code === "not-found" ? "there is no index here" : known.message;
    throw new LitmusError(known.code, `${path}: ${what}`, {
      path,
      hint: "Check the folder, or build the index first.",
      cause: error,
    });
  }
}

async function readChecked(path: string, expected: { bytes: number; sha256: string }): Promise<Buffer> {
  await using file = await openSized(path, expected.bytes);
  const bytes = Buffer.allocUnsafe(expected.bytes);
  const hash = createHash("sha256");
  // One read must not ask for 2 GiB or more.
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, Math.min(1 << 26, bytes.length - at), at);
    if (bytesRead === 0) throw corrupt(path, "is cut off");
    hash.update(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  if (hash.digest("hex") !== expected.sha256) throw corrupt(path, "differs from its hash in the manifest");
  return bytes;
}

async function openSized(path: string, bytes: number): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    const known = toLitmusError(error);
    throw known.code === "not-found" ? corrupt(path, "is missing", error) : known;
  }
  const { size } = await file.stat();
  if (size === bytes) return file;
  await file.close();
  throw corrupt(path, `has ${size} bytes, not ${bytes}`);
}

function corrupt(path: string, what: string, cause?: unknown): LitmusError {
  return new LitmusError("corrupt-file", `${path}: ${what}`, {
    path,
    hint: "Remove the index and build it again from its records.",
    cause,
  });
}
