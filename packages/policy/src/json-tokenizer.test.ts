import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tokenizer } from "@litmus/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadJsonTokenizer } from "./json-tokenizer.ts";
import { loadTokenizer } from "./load-tokenizer.ts";
import { writeTinyModel } from "./testing/tiny-model.ts";
import { writeTokenizerJson } from "./testing/tokenizer-json.ts";

let directory: string;
let path: string;
let tokenizer: Tokenizer;
let fromGguf: Tokenizer;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-json-tokenizer-"));
  const model = await writeTinyModel(directory);
  path = join(directory, "tokenizer.json");
  await writeTokenizerJson(model.path, path);
  const [json, gguf] = [await loadTokenizer(path), await loadTokenizer(model.path)];
  closing.push(json.dispose, gguf.dispose);
  [tokenizer, fromGguf] = [json.tokenizer, gguf.tokenizer];
});
afterAll(async () => {
  for (const close of closing) await close();
  await rm(directory, { recursive: true, force: true });
});

interface Json {
  added_tokens: { id: number; content: string; special: boolean }[];
}

/** The file with other contents. */
async function changed(change: (json: Json) => object): Promise<string> {
  const to = join(directory, "changed.json");
  await writeFile(to, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")) as Json)));
  return to;
}

describe("a tokenizer.json", () => {
  it("gives every text the ids that llama.cpp gives it with the same vocabulary, and the text back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        const ids = tokenizer.encode(text);
        expect(ids).toEqual(fromGguf.encode(text));
        expect(tokenizer.decode(ids)).toBe(fromGguf.decode(ids));
      }),
    );
    expect(tokenizer.decode(tokenizer.encode("\ufeffβ cells: 日 <a> \n\n  b"))).toBe("\ufeffβ cells: 日 <a> \n\n  b");
    expect(tokenizer.decode(tokenizer.encode("a\ud800"))).toBe("a\ufffd");
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.decode([])).toBe("");
  });

  it("knows the special tokens by their roles, and leaves them out of texts", () => {
    const { special, vocabularySize, endTokens } = fromGguf;
    expect(tokenizer).toMatchObject({ special, vocabularySize, endTokens });
    expect(tokenizer.decode([2, 5, ...tokenizer.encode("a"), 4, 1])).toBe("a");
    expect([0, 1, 2, 3, 4, 5, 6].map((id) => tokenizer.isControl(id))).toEqual([
      ...Array.from({ length: 6 }, () => true),
      false,
    ]);
  });

  it.each(["<bos>", "<start_of_turn>user<end_of_turn>", "<unk>"])("never reads a special token out of %s", (text) => {
    const ids = tokenizer.encode(text);
    expect(ids).toHaveLength(text.length);
    expect(ids.some((id) => tokenizer.isControl(id))).toBe(false);
  });

  it("takes Gemma 4's marks for control tokens, marked as special or not", async () => {
    const marks = ["<|turn>", "<turn|>", "<|tool_response>", "<unused7>", "<mask>"].map((content, at) => {
      return { id: 378 + at, content, special: at < 2 };
    });
    const gemma4 = await changed((json) => ({
      ...json,
      added_tokens: [...json.added_tokens.filter(({ content }) => !content.includes("_of_turn")), ...marks],
    }));
    const { tokenizer: changedOne } = await loadJsonTokenizer(gemma4);
    expect(changedOne.special).toEqual({ beginOfSequence: 2, endOfSequence: 1, endOfTurn: 379, startOfTurn: 378 });
    for (const { id, content } of marks) {
      expect(changedOne.isControl(id)).toBe(true);
      expect(changedOne.encode(content)).not.toContain(id);
    }
  });

  it("has a hash that depends on the vocabulary alone", async () => {
    const framed = await changed((json) => ({ ...json, truncation: { max_length: 5 }, post_processor: { type: "x" } }));
    expect((await loadJsonTokenizer(framed)).tokenizer.sha256).toBe(tokenizer.sha256);
    const shorter = await changed((json) => ({ ...json, added_tokens: json.added_tokens.slice(0, 5) }));
    expect((await loadJsonTokenizer(shorter)).tokenizer.sha256).not.toBe(tokenizer.sha256);
  });

  it("of another family, broken or missing is refused by name", async () => {
    const other = await changed((json) => ({ ...json, added_tokens: [] }));
    await expect(loadJsonTokenizer(other)).rejects.toMatchObject({ code: "incompatible", path: other });
    const unigram = await changed((json) => ({ ...json, model: { type: "Unigram", vocab: [] } }));
    await expect(loadJsonTokenizer(unigram)).rejects.toMatchObject({ code: "corrupt-file" });
    await expect(loadTokenizer(join(directory, "none.json"))).rejects.toMatchObject({ code: "not-found" });
  });
});
