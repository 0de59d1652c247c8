/** @file Gathers (term, document, frequency) triples in memory and turns them into compressed lists, segment by segment. */
import { ByteWriter } from "./byte-writer.ts";

/** About 60 MB of triples and their order before they are compressed. */
const defaultSegmentPostings = 3_000_000;

/** The compressed lists of one segment; list t lies at [ends[t − 1], ends[t]). */
interface Segment {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** One term with its list: gaps between documents, each with a flag "occurs once", else followed by the frequency. */
export interface TermPostings {
  readonly term: string;
  readonly documents: number;
  readonly parts: readonly Uint8Array[];
}

/** Takes documents in ascending order from 0 and gives back each term's postings. */
export class PostingsBuilder {
  readonly #termIds = new Map<string, number>();
  readonly #segments: Segment[] = [];
  #terms: Int32Array;
  #documents: Int32Array;
  #frequencies: Int32Array;
  #count = 0;
  /** By term id: where the current document's triple is, the last document encoded, the documents encoded. */
  #places = new Int32Array(1 << 16).fill(-1);
  #lastEncoded = new Int32Array(1 << 16).fill(-1);
  #documentCounts = new Int32Array(1 << 16);
  #documentStart = 0;

  constructor(segmentPostings = defaultSegmentPostings) {
    this.#terms = new Int32Array(segmentPostings);
    this.#documents = new Int32Array(segmentPostings);
    this.#frequencies = new Int32Array(segmentPostings);
  }

  /** Adds the next document, repeats of a term included. */
  add(document: number, terms: readonly string[]): void {
    if (this.#count + terms.length > this.#terms.length) {
      this.#flush();
      if (terms.length > this.#terms.length) this.#allocate(terms.length);
    }
    this.#documentStart = this.#count;
    for (const term of terms) this.#addTerm(document, this.#idOf(term));
  }

  /** All terms in code-unit order. The builder must not be used afterwards. */
  *finish(): Generator<TermPostings> {
    this.#flush();
    const sorted = [...this.#termIds.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const term of sorted) {
      const id = this.#termIds.get(term) as number;
      const parts = this.#segments.flatMap(({ bytes, ends }) => {
        if (id >= ends.length) return [];
        return [bytes.subarray(id === 0 ? 0 : (ends[id - 1] as number), ends[id])];
      });
      yield { term, documents: this.#documentCounts[id] as number, parts };
    }
  }

  #idOf(term: string): number {
    const known = this.#termIds.get(term);
    if (known !== undefined) return known;
    const id = this.#termIds.size;
    this.#termIds.set(term, id);
    if (id >= this.#places.length) {
      this.#places = grown(this.#places, -1);
      this.#lastEncoded = grown(this.#lastEncoded, -1);
      this.#documentCounts = grown(this.#documentCounts, 0);
    }
    return id;
  }

  #addTerm(document: number, id: number): void {
    const place = this.#places[id] as number;
    if (place >= this.#documentStart) {
      this.#frequencies[place] = (this.#frequencies[place] as number) + 1;
      return;
    }
    this.#terms[this.#count] = id;
    this.#documents[this.#count] = document;
    this.#frequencies[this.#count] = 1;
    this.#places[id] = this.#count++;
  }

  #allocate(postings: number): void {
    this.#terms = new Int32Array(postings);
    this.#documents = new Int32Array(postings);
    this.#frequencies = new Int32Array(postings);
  }

  #flush(): void {
    if (this.#count === 0) return;
    const { order, ends } = sortByTerm(this.#terms.subarray(0, this.#count), this.#termIds.size);
    const writer = new ByteWriter(this.#count * 2);
    const byteEnds = new Uint32Array(ends.length);
    let place = 0;
    for (let id = 0; id < ends.length; id++) {
      for (; place < (ends[id] as number); place++) this.#encode(writer, id, order[place] as number);
      byteEnds[id] = writer.length;
    }
    this.#segments.push({ bytes: writer.take(), ends: byteEnds });
    this.#count = 0;
    this.#places.fill(-1);
  }

  #encode(writer: ByteWriter, id: number, place: number): void {
    const document = this.#documents[place] as number;
    const frequency = this.#frequencies[place] as number;
    const gap = document - (this.#lastEncoded[id] as number);
    writer.varint(gap * 2 + (frequency === 1 ? 1 : 0));
    if (frequency > 1) writer.varint(frequency);
    this.#lastEncoded[id] = document;
    this.#documentCounts[id] = (this.#documentCounts[id] as number) + 1;
  }
}

/** A counting sort: stable, so that each term's documents stay ascending. */
function sortByTerm(terms: Int32Array, termCount: number): { order: Int32Array; ends: Int32Array } {
  const ends = new Int32Array(termCount);
  for (const id of terms) ends[id] = (ends[id] as number) + 1;
  const next = new Int32Array(termCount);
  for (let id = 1; id < termCount; id++) {
    next[id] = (next[id - 1] as number) + (ends[id - 1] as number);
  }
  for (let id = 0; id < termCount; id++) ends[id] = (ends[id] as number) + (next[id] as number);
  const order = new Int32Array(terms.length);
  for (const [place, id] of terms.entries()) {
    order[next[id] as number] = place;
    next[id] = (next[id] as number) + 1;
  }
  return { order, ends };
}

function grown(array: Int32Array<ArrayBuffer>, filler: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2).fill(filler, array.length);
  larger.set(array);
  return larger;
}
