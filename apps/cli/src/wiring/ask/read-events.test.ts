import { expect, it } from "vitest";
import { readEvents } from "./read-events.ts";

/** A stream that comes in parts of so many bytes. */
function streamOf(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
  return ReadableStream.from(parts);
}

it.each([1, 2, 3, 7, 1000])("reads the events of a stream that comes in parts of %i bytes", async (size) => {
  const text = ': hello\n\nevent: a\ndata: {"x":"é"}\n\n: still there\n\ndata: two\ndata: lines\r\n\r\ndata:cut off';
  const read: string[] = [];
  for await (const data of readEvents(streamOf(text, size))) read.push(data);
  expect(read).toEqual(['{"x":"é"}', "two\nlines"]);
});
