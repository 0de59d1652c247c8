import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTinyGemma3 } from "@litmus/models";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadLlamaTokenizer } from "./llama-tokenizer.ts";
import { writeTinyModel } from "./testing/tiny-model.ts";
import { vocabularySha256 } from "./vocabulary-hash.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-tokenizer-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("the tokenizer of a model file", () => {
  it("knows the special tokens by their roles", async () => {
    const { tokenizer, dispose } = await loadLlamaTokenizer((await writeTinyModel(directory)).path);
    expect(tokenizer.special).toEqual({ beginOfSequence: 2, endOfSequence: 1, endOfTurn: 4, startOfTurn: 5 });
    expect(tokenizer.endTokens).toEqual([1, 4]);
    expect([0, 1, 2, 3, 4, 5, 6, 100].map((token) => tokenizer.isControl(token))).toEqual([
      ...Array.from({ length: 6 }, () => true),
      false,
      false,
    ]);
    expect(tokenizer.encode("<end_of_turn>")).toHaveLength("<end_of_turn>".length);
    await dispose();
  });

  it("writes a question mark where a vocabulary can spell a character in no way", async () => {
    const { path } = await writeTinyGemma3(join(directory, "no-bytes.gguf"), { seed: 1 });
    const { tokenizer, dispose } = await loadLlamaTokenizer(path);
    expect(tokenizer.decode(tokenizer.encode("β cells: 日 a b\n"))).toBe("? cells: ? a b\n");
    await dispose();
  });

  it("has a hash that depends on the vocabulary alone", async () => {
    const write = (name: string, changes: object): Promise<{ path: string }> =>
      writeTinyGemma3(join(directory, name), { seed: 1, ...changes });
    const base = await vocabularySha256((await write("a.gguf", {})).path);
    expect(await vocabularySha256((await write("b.gguf", { seed: 2, layers: 3, type: "F16" })).path)).toBe(base);
    expect(await vocabularySha256((await write("c.gguf", { vocabularySize: 129 })).path)).not.toBe(base);
  });
});
