import { LitmusError } from "@litmus/core";
import type { Tokenizer } from "@litmus/core";
import type { LlamaModel, Token } from "node-llama-cpp";
import { onlyCharacters, vocabularySha256 } from "./vocabulary-hash.ts";

/** A tokenizer and what it holds in memory. */
export interface LoadedTokenizer {
  readonly tokenizer: Tokenizer;
  readonly dispose: () => Promise<void>;
}

/**
 * The vocabulary of a GGUF model, without its weights. Lone surrogates become U+FFFD, as everywhere in UTF-8;
 * a Gemma vocabulary adds no leading space, so that decode(encode(text)) is the text.
 * @throws LitmusError `not-found`, `corrupt-file`, or `incompatible` for a model without a beginning-of-sequence token
 */
export async function loadLlamaTokenizer(modelPath: string): Promise<LoadedTokenizer> {
  const sha256 = await vocabularySha256(modelPath);
  const characters = await onlyCharacters(modelPath);
  // Loaded only here, so that what needs no model does not load the native library either.
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.disabled, progressLogs: false });
  const model = await llama.loadModel({ modelPath, vocabOnly: true });
  const endTokens = [...model.iterateAllTokens()].filter((token) => model.isEogToken(token));
  const tokenizer: Tokenizer = {
    vocabularySize: [...model.iterateAllTokens()].length,
    sha256,
    special: specialTokensOf(model, modelPath),
    endTokens,
    encode: (text) => model.tokenize(characters === null ? text : spellable(text, characters), false),
    decode: (tokens) => model.detokenize(tokens as readonly Token[]),
    isControl: (token) => isControl(model, token),
  };
  return { tokenizer, dispose: () => model.dispose() };
}

/** The text with a question mark for every character outside of a vocabulary. */
function spellable(text: string, characters: ReadonlySet<string>): string {
  const known = (character: string): boolean => characters.has(character === " " ? "\u2581" : character);
  return Array.from(text, (character) => (known(character) ? character : "?")).join("");
}

function specialTokensOf(model: LlamaModel, modelPath: string): Tokenizer["special"] {
  const { bos, eos, eot } = model.tokens;
  if (bos === null || eos === null) {
    throw new LitmusError("incompatible", `${modelPath} has no token for the beginning or the end of a sequence`);
  }
  return {
    beginOfSequence: bos,
    endOfSequence: eos,
    endOfTurn: eot,
    startOfTurn: eot === null ? null : startOfTurn(model),
  };
}

/** As Gemma 3, Gemma 4 and ChatML spell it. */
const startsOfTurn = ["<start_of_turn>", "<|turn>", "<|im_start|>"];

function startOfTurn(model: LlamaModel): number | null {
  const parsed = startsOfTurn.map((text) => model.tokenize(text, true)).find((tokens) => tokens.length === 1);
  const [token] = parsed ?? [];
  return token !== undefined && isControl(model, token) ? token : null;
}

function isControl(model: LlamaModel, token: number): boolean {
  const attributes = model.getTokenAttributes(token as Token);
  return attributes.control || attributes.unknown || model.isEogToken(token as Token);
}
