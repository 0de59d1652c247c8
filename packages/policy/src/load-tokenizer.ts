import { open } from "node:fs/promises";
import { LitmusError } from "@litmus/core";
import { loadJsonTokenizer } from "./json-tokenizer.ts";
import { loadLlamaTokenizer } from "./llama-tokenizer.ts";
import type { LoadedTokenizer } from "./llama-tokenizer.ts";

/**
 * The vocabulary of a model file: a GGUF file, whose weights are not read, or a `tokenizer.json`.
 * @throws LitmusError as {@link loadLlamaTokenizer} and {@link loadJsonTokenizer}
 */
export async function loadTokenizer(path: string): Promise<LoadedTokenizer> {
  return (await beginsWith(path, "{")) ? loadJsonTokenizer(path) : loadLlamaTokenizer(path);
}

async function beginsWith(path: string, text: string): Promise<boolean> {
  await using file = await open(path).catch((cause: unknown) => {
    throw new LitmusError("not-found", `the model file ${path} cannot be read`, { path, cause });
  });
  const { buffer } = await file.read(Buffer.alloc(text.length), 0, text.length, 0);
  return buffer.toString("latin1") === text;
}
