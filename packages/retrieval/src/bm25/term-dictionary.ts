/** @file Terms in code-unit order, in blocks of which each term is written as what differs from the one before. */
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

const blockTerms = 32;

/** Where a term's postings lie. */
export interface TermEntry {
  /** How many documents hold the term. */
  readonly documents: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Writes terms that arrive in code-unit order. */
export class TermDictionaryWriter {
  readonly #blocks = new ByteWriter(1 << 16);
  readonly #starts = new ByteWriter(1 << 12);
  #count = 0;
  #previous = "";
  #offset = 0;
  #lastStart = 0;

  add(term: string, documents: number, bytes: number): void {
    const isFirst = this.#count % blockTerms === 0;
    if (isFirst) {
      this.#starts.varint(this.#blocks.length - this.#lastStart);
      this.#lastStart = this.#blocks.length;
      this.#blocks.varint(this.#offset);
    }
    const shared = isFirst ? 0 : sharedPrefix(this.#previous, term);
    const rest = Buffer.from(term.slice(shared));
    this.#blocks.varint(shared);
    this.#blocks.varint(rest.length);
    this.#blocks.append(rest);
    this.#blocks.varint(documents);
    this.#blocks.varint(bytes);
    this.#previous = term;
    this.#offset += bytes;
    this.#count++;
  }

  /** Header (terms, length of the starts), starts of the blocks, blocks. */
  finish(): Uint8Array {
    const file = new ByteWriter(this.#blocks.length + this.#starts.length + 32);
    file.varint(this.#count);
    file.varint(this.#starts.length);
    file.append(this.#starts.view());
    file.append(this.#blocks.view());
    return file.take();
  }
}

/** Finds terms in what the writer wrote, without unpacking it. */
export class TermDictionary {
  readonly #bytes: Uint8Array;
  readonly #path: string;
  readonly #starts: Float64Array;
  readonly size: number;

  /** @throws LitmusError `corrupt-file` when the bytes are no dictionary */
  constructor(bytes: Uint8Array, path: string) {
    const reader = new ByteReader(bytes, path);
    this.size = reader.varint();
    const startBytes = reader.varint();
    const blocksAt = reader.position + startBytes;
    this.#starts = new Float64Array(Math.ceil(this.size / blockTerms));
    let start = blocksAt;
    for (let block = 0; block < this.#starts.length; block++) {
      start += reader.varint();
      this.#starts[block] = start;
    }
    this.#bytes = bytes;
    this.#path = path;
  }

  find(term: string): TermEntry | undefined {
    const block = this.#blockOf(term);
    if (block < 0) return undefined;
    const reader = new ByteReader(this.#bytes, this.#path, this.#starts[block]);
    let offset = reader.varint();
    let current = "";
    const end = Math.min(blockTerms, this.size - block * blockTerms);
    for (let index = 0; index < end; index++) {
      current = readTerm(reader, current);
      const documents = reader.varint();
      const bytes = reader.varint();
      if (current === term) return { documents, offset, bytes };
      if (current > term) return undefined;
      offset += bytes;
    }
    return undefined;
  }

  /** The last block whose first term is not after the term; −1 when there is none. */
  #blockOf(term: string): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const reader = new ByteReader(this.#bytes, this.#path, this.#starts[middle]);
      reader.varint();
      if (readTerm(reader, "") <= term) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }
}

function readTerm(reader: ByteReader, previous: string): string {
  const shared = reader.varint();
  const rest = reader.take(reader.varint());
  return previous.slice(0, shared) + Buffer.from(rest.buffer, rest.byteOffset, rest.length).toString();
}

/** In UTF-16 units, never half a surrogate pair: the rest is written as UTF-8. */
function sharedPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < limit && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++;
  const last = shared === 0 ? 0 : a.charCodeAt(shared - 1);
  return last >= 0xd800 && last <= 0xdbff ? shared - 1 : shared;
}
