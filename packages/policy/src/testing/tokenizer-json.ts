import { writeFile } from "node:fs/promises";
import { arrayElements, openGguf } from "@litmus/models";

/** llama.cpp's kinds of tokens. */
const kinds = { normal: 1, unknown: 2, control: 3, userDefined: 4 } as const;

/**
 * Writes the `tokenizer.json` that a SentencePiece vocabulary of a GGUF file amounts to: its pieces in the order of their
 * scores become merges, as in transformers' conversion of such vocabularies.
 */
export async function writeTokenizerJson(ggufPath: string, path: string): Promise<void> {
  await using file = await openGguf(ggufPath);
  const list = (key: string): readonly unknown[] => {
    const value = file.metadata.get(`tokenizer.ggml.${key}`);
    if (value?.type !== "array") throw new Error(`${ggufPath} has no ${key}`);
    return arrayElements(value);
  };
  const [texts, scores, types] = [
    list("tokens").map(String),
    list("scores").map(Number),
    list("token_type").map(Number),
  ];
  const vocab = new Map(texts.map((text, id) => [text, id]));
  const added = texts.flatMap((content, id) => {
    const kind = types[id];
    const special = kind === kinds.control || kind === kinds.unknown;
    return special || kind === kinds.userDefined ? [{ ...plain, id, content, special }] : [];
  });
  const pieces = texts
    .map((text, id) => ({ text, score: scores[id] ?? 0 }))
    .filter(({ text }, id) => types[id] === kinds.normal && Array.from(text).length > 1)
    .sort((a, b) => b.score - a.score);
  const json = {
    version: "1.0",
    added_tokens: added,
    normalizer: { type: "Replace", pattern: { String: " " }, content: "\u2581" },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "\u2581" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
      ],
    },
    model: {
      type: "BPE",
      unk_token: "<unk>",
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(vocab),
      merges: pieces.flatMap(({ text }) => splitsOf(text, vocab)),
    },
  };
  await writeFile(path, JSON.stringify(json));
}

const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };

function splitsOf(text: string, vocab: ReadonlyMap<string, number>): [string, string][] {
  const characters = Array.from(text);
  const splits = characters.slice(1).map((_, at): [string, string] => {
    return [characters.slice(0, at + 1).join(""), characters.slice(at + 1).join("")];
  });
  const id = (part: string): number => vocab.get(part) ?? Number.NaN;
  return splits
    .filter((pair) => pair.every((part) => vocab.has(part)))
    .sort(([a, b], [c, d]) => id(a) - id(c) || id(b) - id(d));
}
