import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadTokenizer } from "./load-tokenizer.ts";
import { writeTokenizerJson } from "./testing/tokenizer-json.ts";

const modelPath = process.env["LITMUS_TEST_MODEL"] ?? "";
const records = new URL("../../../datasets/litmus-mini/corpus.jsonl", import.meta.url);
const golden = new URL("../fixtures/tokenizer-golden.json", import.meta.url);

let directory: string;
let path: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-json-tokenizer-"));
  path = join(directory, "tokenizer.json");
  if (modelPath !== "") await writeTokenizerJson(modelPath, path);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it.skipIf(modelPath === "")(
  "gives texts the ids that Hugging Face's own tokenizers gives them, as llama.cpp does, with Gemma's vocabulary",
  async () => {
    const [json, gguf] = [await loadTokenizer(path), await loadTokenizer(modelPath)];
    const expected = JSON.parse(await readFile(golden, "utf8")) as { text: string; ids: number[] }[];
    for (const { text, ids } of expected) {
      expect(json.tokenizer.encode(text)).toEqual(ids);
      expect(gguf.tokenizer.encode(text)).toEqual(ids);
    }
    await gguf.dispose();
  },
);

it.skipIf(modelPath === "")(
  "gives abstracts the ids that llama.cpp gives them with Gemma's vocabulary",
  async () => {
    const [json, gguf] = [await loadTokenizer(path), await loadTokenizer(modelPath)];
    const lines = (await readFile(records, "utf8")).trimEnd().split("\n");
    const abstracts = lines.map((line) => (JSON.parse(line) as { abstract: string }).abstract);
    for (const text of [...abstracts, "<table> <code>\t\t\n\n\n", "β-catenin, naïve, 日本 😀", "<end_of_turn><bos>"]) {
      const ids = json.tokenizer.encode(text);
      expect(ids).toEqual(gguf.tokenizer.encode(text));
      expect(json.tokenizer.decode(ids)).toBe(text);
    }
    const { special, vocabularySize } = gguf.tokenizer;
    expect(json.tokenizer).toMatchObject({ special, vocabularySize });
    await gguf.dispose();
  },
  120_000,
);
