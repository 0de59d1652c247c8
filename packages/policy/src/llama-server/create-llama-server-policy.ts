import { checkModelHash, refuseMissingModel } from "../check-model-file.ts";
import { openServedPolicy } from "../openai-compatible/create-openai-compatible-policy.ts";
import type { OpenAiCompatibleParts } from "../openai-compatible/openai-compatible-options.ts";
import type { OpenAiCompatiblePolicy } from "../openai-compatible/served-policy.ts";
import { LlamaServerHost } from "./llama-server-host.ts";
import { resolveLlamaServerOptions } from "./llama-server-options.ts";
import type { LlamaServerOptions } from "./llama-server-options.ts";

/**
 * A GGUF model in a `llama-server` of its own on this machine: started here, started anew with `--lora` for every version,
 * started again when it has ended, and ended with the policy. Its log-probabilities are those of temperature 1, so only
 * temperatures 0 and 1 are sampled.
 * @throws LitmusError `invalid-config`; `not-found` or `corrupt-file` for the model file; `unavailable` when the server does
 * not start; `incompatible` when it does not give what it should
 */
export async function createLlamaServerPolicy(
  options: LlamaServerOptions,
  parts: Pick<OpenAiCompatibleParts, "tokenizer">,
): Promise<OpenAiCompatiblePolicy> {
  const resolved = resolveLlamaServerOptions(options);
  const { modelPath, contextTokens, slots, acceptedBaseSha256 } = resolved;
  const { modelSha256 } = options;
  await refuseMissingModel(modelPath);
  await checkModelHash({ modelPath, modelSha256 });
  const host = await LlamaServerHost.start(resolved);
  const { baseUrl, apiKey } = host.address;
  const served = {
    engine: "llama-server",
    baseUrl,
    model: modelPath,
    modelSha256,
    contextTokens,
    maxConcurrency: slots,
    acceptedBaseSha256,
    // A dropped connection means that it has ended: the next request starts it again.
    maxRetries: 0,
    // A long action of a large model on a processor takes minutes; the episode's own deadline comes after.
    requestTimeoutMs: 290_000,
  } as const;
  try {
    return await openServedPolicy(served, { ...parts, apiKey }, host);
  } catch (cause) {
    await host.close();
    throw cause;
  }
}
