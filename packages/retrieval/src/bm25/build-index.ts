import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type CorpusRecord, type IndexInfo, LitmusError, canonicalJson, sha256, toLitmusError } from "@litmus/core";
import { analyzerVersion, createEnglishAnalyzer } from "../analysis/english-analyzer.ts";
import { ByteWriter } from "./byte-writer.ts";
import { FileWriter, writeWhole } from "./file-writer.ts";
import {
  type IndexManifest,
  hashManifest,
  indexFiles,
  indexFormat,
  indexFormatVersion,
  manifestFile,
} from "./index-manifest.ts";
import { encodeLength } from "./length-byte.ts";
import { PostingsBuilder } from "./postings-builder.ts";
import { RecordSpool } from "./record-spool.ts";
import { TermDictionaryWriter } from "./term-dictionary.ts";
import { TextBlockWriter } from "./text-blocks.ts";

export interface BuildProgress {
  /** First all records are read and put in order, then they are indexed. */
  readonly phase: "read" | "index";
  readonly records: number;
}

export interface BuildIndexOptions {
  /** In any order; ids are unique and without white space. */
  readonly records: AsyncIterable<CorpusRecord> | Iterable<CorpusRecord>;
  /** Must not exist: it appears only when the index is whole. */
  readonly directory: string;
  readonly name: string;
  /** With `pubmed`, every id must be a PMID. */
  readonly idSpace: IndexInfo["idSpace"];
  /** Called every thousand records and at the end of each phase. */
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly signal?: AbortSignal;
  /** Postings held in memory before they are compressed. Default 3,000,000, about 60 MB. */
  readonly segmentPostings?: number;
}

const progressEvery = 1_000;

/**
 * Builds an index of titles and texts (one field) in a folder. Records stream through a temporary folder beside it,
 * which is renamed at the end and removed on failure; memory holds ids, the vocabulary and compressed postings.
 * @throws LitmusError `conflict` when the folder exists; `invalid-data` for no records, repeated or bad ids;
 * `interrupted` when the signal aborts; errors of the file system and of the records' source
 */
export async function buildIndex(options: BuildIndexOptions): Promise<IndexManifest> {
  const directory = resolve(options.directory);
  refuseExisting(directory);
  if (options.name === "") throw new LitmusError("invalid-input", "an index needs a name", { path: "name" });
  const temporary = join(
    dirname(directory),
    `.${basename(directory)}.building-${process.pid}-${Date.now().toString(36)}`,
  );
  try {
    await mkdir(temporary, { recursive: true });
    const manifest = await buildInto(temporary, options);
    refuseExisting(directory);
    await rename(temporary, directory);
    await syncFolder(dirname(directory));
    return manifest;
  } catch (error) {
    throw toLitmusError(error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function refuseExisting(directory: string): void {
  if (!existsSync(directory)) return;
  throw new LitmusError("conflict", `${directory}: exists already`, {
    path: directory,
    hint: "Choose another folder, or remove this one to build anew.",
  });
}

async function buildInto(directory: string, options: BuildIndexOptions): Promise<IndexManifest> {
  using spool = new RecordSpool(join(directory, "records.spool"));
  await readAll(spool, options);
  const documents = await indexDocuments(directory, spool, options);
  const { terms, postings, termsFile } = await writePostings(directory, documents.postings, options.signal);
  const rest = {
    format: indexFormat,
    formatVersion: indexFormatVersion,
    analyzer: analyzerVersion,
    id: sha256(canonicalJson({ indexFormat, indexFormatVersion, analyzerVersion, records: documents.recordsSha256 })),
    name: options.name,
    idSpace: options.idSpace,
    documents: spool.size,
    documentsWithTerms: documents.documentsWithTerms,
    totalTokens: documents.totalTokens,
    terms,
    files: { ...documents.files, postings, terms: termsFile },
  } as const;
  const manifest: IndexManifest = { ...rest, manifestSha256: hashManifest(rest) };
  await writeFile(join(directory, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { flag: "wx", flush: true });
  await syncFolder(directory);
  return manifest;
}

async function readAll(spool: RecordSpool, options: BuildIndexOptions): Promise<void> {
  for await (const record of options.records) {
    checkId(record.id, options.idSpace);
    spool.add(record);
    if (spool.size % progressEvery === 0) await report("read", spool.size, options);
  }
  await report("read", spool.size, options);
  if (spool.size > 0) return;
  throw new LitmusError("invalid-data", "there is no record to index", { hint: "Check the source of the records." });
}

function checkId(id: string, idSpace: IndexInfo["idSpace"]): void {
  const isValid = idSpace === "pubmed" ? /^[0-9]+$/.test(id) : /^\S+$/u.test(id) && id.isWellFormed();
  if (isValid) return;
  throw new LitmusError("invalid-data", `${JSON.stringify(id)} is no record id of the id space "${idSpace}"`, {
    hint: idSpace === "pubmed" ? 'A PMID is a number; other ids are of the id space "own".' : "Use no white space.",
  });
}

async function indexDocuments(directory: string, spool: RecordSpool, options: BuildIndexOptions) {
  const analyze = createEnglishAnalyzer();
  const postings = new PostingsBuilder(options.segmentPostings);
  const [norms, ids] = [new ByteWriter(spool.size), new ByteWriter(spool.size * 9)];
  const hash = createHash("sha256");
  await using textsFile = await FileWriter.create(join(directory, indexFiles.texts));
  const texts = new TextBlockWriter(textsFile);
  const counts = { documents: 0, documentsWithTerms: 0, totalTokens: 0 };
  for (const record of spool.sorted()) {
    const terms = analyze(`${record.title}\n${record.text}`);
    postings.add(counts.documents, terms);
    norms.append(Uint8Array.of(encodeLength(terms.length)));
    ids.append(Buffer.from(`${record.id}\n`));
    hash.update(`${JSON.stringify([record.id, record.title, record.text, record.year])}\n`);
    await texts.add(record);
    counts.documents++;
    counts.documentsWithTerms += terms.length > 0 ? 1 : 0;
    counts.totalTokens += terms.length;
    if (counts.documents % progressEvery === 0) await report("index", counts.documents, options);
  }
  const files = {
    blocks: await writeWhole(join(directory, indexFiles.blocks), await texts.finish()),
    texts: await textsFile.finish(),
    norms: await writeWhole(join(directory, indexFiles.norms), norms.view()),
    ids: await writeWhole(join(directory, indexFiles.ids), ids.view()),
  };
  await report("index", counts.documents, options);
  return { ...counts, postings, files, recordsSha256: hash.digest("hex") };
}

async function writePostings(directory: string, builder: PostingsBuilder, signal: AbortSignal | undefined) {
  await using file = await FileWriter.create(join(directory, indexFiles.postings));
  const dictionary = new TermDictionaryWriter();
  let terms = 0;
  for (const { term, documents, parts } of builder.finish()) {
    let bytes = 0;
    for (const part of parts) {
      await file.write(part);
      bytes += part.length;
    }
    dictionary.add(term, documents, bytes);
    terms++;
    if (terms % 10_000 === 0) throwIfAborted(signal);
  }
  const termsFile = await writeWhole(join(directory, indexFiles.terms), dictionary.finish());
  return { terms, termsFile, postings: await file.finish() };
}

async function report(phase: BuildProgress["phase"], records: number, options: BuildIndexOptions): Promise<void> {
  options.onProgress?.({ phase, records });
  // Lets timers, signals and other work of the process run.
  await setImmediate();
  throwIfAborted(options.signal);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new LitmusError("interrupted", "building the index was interrupted", { hint: "Start the build again." });
}

async function syncFolder(directory: string): Promise<void> {
  await using folder = await open(directory, "r");
  await folder.sync();
}
