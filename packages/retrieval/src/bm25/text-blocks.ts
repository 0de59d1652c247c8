/** @file Titles and texts, apart from what is searched: compressed blocks that are read only for the hits shown. */
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, deflateRaw, inflateRaw } from "node:zlib";
import { type CorpusRecord, LitmusError } from "@litmus/core";
import { z } from "zod";
import type { FileWriter } from "./file-writer.ts";

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);
const blockRecords = 16;
/** A block being compressed while the next is filled; more would not help two cores. */
const maxInFlight = 2;

const storedSchema = z.tuple([z.string(), z.string(), z.number().nullable()]);

/** What is stored of a record beside its id. */
export type StoredText = Pick<CorpusRecord, "title" | "text" | "year">;

/** Writes the texts of documents 0, 1, 2, … */
export class TextBlockWriter {
  readonly #file: FileWriter;
  readonly #lines: string[] = [];
  readonly #inFlight: Promise<Buffer>[] = [];
  /** For each block: compressed length, checksum of the compressed bytes. */
  readonly #table: number[] = [];

  constructor(file: FileWriter) {
    this.#file = file;
  }

  async add(record: StoredText): Promise<void> {
    this.#lines.push(JSON.stringify([record.title, record.text, record.year]));
    if (this.#lines.length === blockRecords) await this.#close();
  }

  /** Writes what is left. @returns the table of blocks, which {@link TextBlocks} needs */
  async finish(): Promise<Uint8Array> {
    if (this.#lines.length > 0) await this.#close();
    while (this.#inFlight.length > 0) await this.#writeNext();
    const table = Buffer.alloc(this.#table.length * 4);
    for (const [index, value] of this.#table.entries()) table.writeUInt32LE(value, index * 4);
    return table;
  }

  async #close(): Promise<void> {
    this.#inFlight.push(compress(this.#lines.join("\n")));
    this.#lines.length = 0;
    if (this.#inFlight.length > maxInFlight) await this.#writeNext();
  }

  async #writeNext(): Promise<void> {
    const bytes = await (this.#inFlight.shift() as Promise<Buffer>);
    this.#table.push(bytes.length, crc32(bytes));
    await this.#file.write(bytes);
  }
}

/** Reads texts by document number; every block is checked as it is read. */
export class TextBlocks {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #offsets: Float64Array;
  readonly #checksums: Uint32Array;

  /** @throws LitmusError `corrupt-file` when the table does not fit the file */
  constructor(file: FileHandle, path: string, table: Buffer, expected: { documents: number; bytes: number }) {
    this.#file = file;
    this.#path = path;
    const blocks = table.length / 8;
    this.#offsets = new Float64Array(blocks + 1);
    this.#checksums = new Uint32Array(blocks);
    for (let block = 0; block < blocks; block++) {
      this.#offsets[block + 1] = (this.#offsets[block] as number) + table.readUInt32LE(block * 8);
      this.#checksums[block] = table.readUInt32LE(block * 8 + 4);
    }
    if (blocks !== Math.ceil(expected.documents / blockRecords) || this.#offsets.at(-1) !== expected.bytes) {
      throw new LitmusError("corrupt-file", `${path}: does not fit its table of blocks`, { path });
    }
  }

  /** In the order of the documents asked for. @throws LitmusError `corrupt-file` */
  async read(documents: readonly number[]): Promise<StoredText[]> {
    const blocks = [...new Set(documents.map((document) => Math.floor(document / blockRecords)))];
    const lines = new Map(
      await Promise.all(blocks.map(async (block) => [block, await this.#readBlock(block)] as const)),
    );
    return documents.map((document) => {
      const line = lines.get(Math.floor(document / blockRecords))?.[document % blockRecords];
      if (line === undefined) throw this.#corrupt();
      const [title, text, year] = storedSchema.parse(JSON.parse(line));
      return { title, text, year };
    });
  }

  async #readBlock(block: number): Promise<string[]> {
    const start = this.#offsets[block] as number;
    const bytes = Buffer.allocUnsafe((this.#offsets[block + 1] as number) - start);
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, start);
    if (bytesRead !== bytes.length || crc32(bytes) !== this.#checksums[block]) throw this.#corrupt();
    return (await decompress(bytes)).toString().split("\n");
  }

  #corrupt(): LitmusError {
    const hint = "Build the index again from its records.";
    return new LitmusError("corrupt-file", `${this.#path}: a block differs from its checksum`, {
      path: this.#path,
      hint,
    });
  }
}
