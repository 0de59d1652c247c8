import { createHash } from "node:crypto";
import type { Sha256 } from "@litmus/core";
import { arrayElements, openGguf } from "@litmus/models";
import type { GgufValue } from "@litmus/models";

/** How a conversation is written does not change the ids of a text. */
const notVocabulary = "tokenizer.chat_template";

/**
 * Hash of all that decides which ids a text gets: every `tokenizer.` key of a GGUF file but the chat template.
 * Equal for files that differ in their weights alone.
 */
export async function vocabularySha256(path: string): Promise<Sha256> {
  await using file = await openGguf(path);
  const hash = createHash("sha256");
  for (const [key, value] of [...file.metadata].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!key.startsWith("tokenizer.") || key.startsWith(notVocabulary)) continue;
    hash.update(`${key}:${describe(value)}\n`);
    if (value.type === "array") hash.update(value.bytes);
  }
  return hash.digest("hex") as Sha256;
}

/**
 * The single characters of a SentencePiece vocabulary that cannot spell the others by their bytes; null for all others.
 * llama.cpp ends the process on a character that it can spell in no way.
 */
export async function onlyCharacters(path: string): Promise<ReadonlySet<string> | null> {
  await using file = await openGguf(path);
  const [model, tokens] = [file.metadata.get("tokenizer.ggml.model"), file.metadata.get("tokenizer.ggml.tokens")];
  if (tokens?.type !== "array" || Buffer.from(tokens.bytes).includes("<0x00>")) return null;
  if (model?.type !== "string" || model.value !== "llama") return null;
  return new Set(arrayElements(tokens).map(String));
}

function describe(value: GgufValue): string {
  if (value.type === "array") return `array of ${value.length} ${value.elementType}`;
  return `${value.type} ${JSON.stringify(typeof value.value === "bigint" ? String(value.value) : value.value)}`;
}
