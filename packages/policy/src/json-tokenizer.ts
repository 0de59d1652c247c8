import { readFile } from "node:fs/promises";
import { Tokenizer as VocabularyTokenizer } from "@huggingface/tokenizers";
import { canonicalJson, LitmusError, sha256, type Tokenizer } from "@litmus/core";
import { z } from "zod";
import type { LoadedTokenizer } from "./llama-tokenizer.ts";

/**
 * @file The vocabulary of a published `tokenizer.json`, for a model whose weights are on a server alone. Departs from the
 * file's own rules in one point: tokens with a meaning to the model are never read out of text.
 */

const added = z.looseObject({ id: z.int().min(0), content: z.string(), special: z.boolean() });
type AddedToken = z.infer<typeof added>;

/** Everything but how single texts are framed and cut: what decides the ids of a text. */
const schema = z.object({
  model: z.looseObject({
    type: z.literal("BPE"),
    byte_fallback: z.literal(true),
    vocab: z.record(z.string(), z.int().min(0)),
  }),
  added_tokens: z.array(added),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  decoder: z.unknown(),
});
type Vocabulary = z.infer<typeof schema>;

/** Ids that are no text, although a file may not mark them as special: Gemma's reserved ones and its marks of turns, tools and channels. */
const reserved = /^<(\|[^<>]*|[^<>]*\||unused\d+|mask)>$/;
const isReserved = ({ content, special }: AddedToken): boolean => special || reserved.test(content);

/** As Gemma 3 and Gemma 4 spell them. */
const turnMarks = [
  ["<start_of_turn>", "<end_of_turn>"],
  ["<|turn>", "<turn|>"],
] as const;

/**
 * The tokenizer of a Gemma model from its `tokenizer.json`. Ids of a text are those that llama.cpp gives it with the same
 * vocabulary; lone surrogates become U+FFFD.
 * @throws LitmusError `not-found`, `corrupt-file`, or `incompatible` for the vocabulary of another family
 */
export async function loadJsonTokenizer(path: string): Promise<LoadedTokenizer> {
  const vocabulary = await readVocabulary(path);
  const tokens = vocabulary.added_tokens;
  const special = specialTokensOf(tokens, path);
  const control = new Set(tokens.filter(isReserved).map(({ id }) => id));
  const text = tokens.filter((token) => !isReserved(token));
  const inner = new VocabularyTokenizer({ ...vocabulary, added_tokens: text, post_processor: null }, {});
  const tokenizer: Tokenizer = {
    vocabularySize: 1 + Math.max(...largest(Object.values(vocabulary.model.vocab)), ...tokens.map(({ id }) => id)),
    sha256: sha256(canonicalJson(vocabulary)),
    special,
    endTokens: [special.endOfSequence, ...(special.endOfTurn === null ? [] : [special.endOfTurn])],
    encode: (plain) => inner.encode(plain.toWellFormed(), { add_special_tokens: false }).ids,
    decode: (ids) =>
      utf8.decode(
        Buffer.concat(ids.filter((id) => !control.has(id)).map((id) => bytesOf(inner.id_to_token(id) ?? ""))),
      ),
    isControl: (id) => control.has(id),
  };
  return { tokenizer, dispose: async () => {} };
}

async function readVocabulary(path: string): Promise<Vocabulary> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new LitmusError("not-found", `the tokenizer ${path} cannot be read`, { path, cause });
  });
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new LitmusError("corrupt-file", `${path} is no tokenizer.json with a BPE vocabulary that spells by bytes`, {
      path,
      hint: "take the file tokenizer.json of the base model's repository",
      cause,
    });
  }
}

function specialTokensOf(tokens: readonly AddedToken[], path: string): Tokenizer["special"] {
  const ids = new Map(tokens.map(({ content, id }) => [content, id]));
  const [begin, end] = [ids.get("<bos>"), ids.get("<eos>")];
  if (begin === undefined || end === undefined) {
    throw new LitmusError("incompatible", `${path} has no <bos> and <eos>: it is not of the Gemma family`, {
      path,
      hint: "name a GGUF file of the base model instead: its vocabulary is read, its weights are not",
    });
  }
  const marks = turnMarks.find((pair) => pair.every((mark) => ids.has(mark)));
  return {
    beginOfSequence: begin,
    endOfSequence: end,
    endOfTurn: marks === undefined ? null : (ids.get(marks[1]) ?? null),
    startOfTurn: marks === undefined ? null : (ids.get(marks[0]) ?? null),
  };
}

/** The package's own decoder loses a byte order mark. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A piece is text with spaces written as U+2581, or one byte of a character that has no piece. */
function bytesOf(piece: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(piece)?.[1];
  return byte === undefined ? Buffer.from(piece.replaceAll("\u2581", " ")) : Buffer.from(byte, "hex");
}

/** Of hundreds of thousands of ids: too many for one call's arguments. */
function largest(ids: readonly number[]): number[] {
  return ids.length === 0 ? [] : [ids.reduce((most, id) => Math.max(most, id), 0)];
}
