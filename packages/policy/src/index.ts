export { createLlamaCppPolicy } from "./llama-cpp-policy.ts";
export type { LlamaCppPolicy } from "./llama-cpp-policy.ts";
export type { LlamaCppOptions } from "./llama-cpp-options.ts";
export { loadLlamaTokenizer } from "./llama-tokenizer.ts";
export type { LoadedTokenizer } from "./llama-tokenizer.ts";
export { vocabularySha256 } from "./vocabulary-hash.ts";
