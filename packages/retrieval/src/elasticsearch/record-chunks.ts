import { type CorpusRecord, LitmusError } from "@litmus/core";
import { ContentSum } from "./content-sum.ts";
import type { LoadProgress } from "./index-meta.ts";

/** Records in a fixed order: the same source gives the same order again. */
export type RecordSource = AsyncIterable<CorpusRecord> | Iterable<CorpusRecord>;

/** Title and text are sent twice: once to be searched, once to be shown. */
const copies = 2;

/** Records in groups whose text is about so many bytes; a longer record is alone. */
export async function* chunksOf(records: RecordSource, maxBytes: number): AsyncGenerator<readonly CorpusRecord[]> {
  let chunk: CorpusRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    const size = copies * (Buffer.byteLength(record.title) + Buffer.byteLength(record.text));
    if (chunk.length > 0 && bytes + size > maxBytes) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(record);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * The records after those that are done with, which are read again only to see that they are the same.
 * @throws LitmusError `conflict` when they are not
 */
export async function* skipLoaded(records: RecordSource, done: LoadProgress): AsyncGenerator<CorpusRecord> {
  const sum = new ContentSum();
  let read = 0;
  for await (const record of records) {
    if (read >= done.records) yield record;
    else {
      sum.add(record);
      read++;
      if (read === done.records && String(sum) !== done.readSum) throw otherSource();
    }
  }
  if (read < done.records) throw otherSource();
}

const otherSource = (): LitmusError =>
  new LitmusError("conflict", "the records are not those that the unfinished index was begun with", {
    path: "records",
    hint: "Give the same source in the same order, or delete the unfinished index to build anew.",
  });
