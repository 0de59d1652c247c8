/** @file Puts records aside in a file as they arrive and gives them back in the order of their ids. */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { type CorpusRecord, LitmusError, type RecordId, recordId } from "@litmus/core";

const flushBytes = 1 << 20;

/** Holds ids and offsets in memory, titles and texts on disk. */
export class RecordSpool implements Disposable {
  readonly #path: string;
  readonly #file: number;
  readonly #ids: string[] = [];
  readonly #offsets: number[] = [];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #written = 0;

  /** @throws an error of the file system when the file cannot be made */
  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "wx+");
  }

  get size(): number {
    return this.#ids.length;
  }

  add(record: CorpusRecord): void {
    this.#ids.push(record.id);
    this.#offsets.push(this.#written + this.#pendingBytes);
    const line = Buffer.from(JSON.stringify([record.title, record.text, record.year]));
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    if (this.#pendingBytes >= flushBytes) this.#flush();
  }

  /**
   * All records by id, in code-unit order.
   * @throws LitmusError `invalid-data` when an id occurs twice
   */
  *sorted(): Generator<CorpusRecord> {
    this.#flush();
    const order = Int32Array.from(this.#ids.keys());
    order.sort((a, b) => compare(this.#ids[a] as string, this.#ids[b] as string));
    let previous: RecordId | undefined;
    for (const place of order) {
      const id = recordId(this.#ids[place] as string);
      if (id === previous) {
        throw new LitmusError("invalid-data", `the record id "${id}" occurs twice`, { hint: "Keep one record an id." });
      }
      previous = id;
      const [title, text, year] = this.#read(place);
      yield { id, title, text, year };
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }

  #read(place: number): [title: string, text: string, year: number | null] {
    const start = this.#offsets[place] as number;
    const end = this.#offsets[place + 1] ?? this.#written;
    const bytes = Buffer.allocUnsafe(end - start);
    for (let at = 0; at < bytes.length;) {
      const count = readSync(this.#file, bytes, at, bytes.length - at, start + at);
      if (count === 0) throw new LitmusError("corrupt-file", `${this.#path}: cut off`, { path: this.#path });
      at += count;
    }
    return JSON.parse(bytes.toString()) as [string, string, number | null];
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pending);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    this.#written += bytes.length;
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
