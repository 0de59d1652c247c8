export * from "./byte-tokenizer.ts";
