export { buildKernels, kernelsState, type KernelsRequest, type KernelsState } from "./kernels/build-kernels.ts";
export { checkNativeSampler } from "./check-native-sampler.ts";
export { createLlamaCppPolicy } from "./llama-cpp-policy.ts";
export type { LlamaCppPolicy } from "./llama-cpp-policy.ts";
export type { LlamaCppOptions } from "./llama-cpp-options.ts";
export { loadLlamaTokenizer } from "./llama-tokenizer.ts";
export { loadTokenizer } from "./load-tokenizer.ts";
export type { LoadedTokenizer } from "./llama-tokenizer.ts";
export { createLlamaServerPolicy } from "./llama-server/create-llama-server-policy.ts";
export type { LlamaServerOptions } from "./llama-server/llama-server-options.ts";
export { createOpenAiCompatiblePolicy } from "./openai-compatible/create-openai-compatible-policy.ts";
export { engineNames } from "./openai-compatible/openai-compatible-options.ts";
export type {
  EngineName,
  OpenAiCompatibleOptions,
  OpenAiCompatibleParts,
} from "./openai-compatible/openai-compatible-options.ts";
export type { EngineCapabilities } from "./openai-compatible/probe-engine.ts";
export type { OpenAiCompatiblePolicy } from "./openai-compatible/served-policy.ts";
export { createScriptedPolicy } from "./scripted-policy.ts";
export type { ScriptedPolicyOptions } from "./scripted-policy.ts";
export { createScriptedTokenizer } from "./scripted-tokenizer.ts";
export { searchScript } from "./search-script.ts";
export type { Script, ScriptContext } from "./search-script.ts";
export { vocabularySha256 } from "./vocabulary-hash.ts";
