import type { EngineDialect } from "./engine-dialect.ts";
import type { EngineHost } from "./engine-host.ts";
import type { EngineHttp } from "./engine-http.ts";
import { createLlamaServerDialect } from "./llama-server-dialect.ts";
import type { ResolvedOpenAiCompatibleOptions } from "./openai-compatible-options.ts";
import { createSglangDialect } from "./sglang-dialect.ts";
import { createVllmDialect } from "./vllm-dialect.ts";

/** The dialect of an engine. @param host of an engine that the policy starts itself */
export function createDialect(
  { engine, model }: Pick<ResolvedOpenAiCompatibleOptions, "engine" | "model">,
  http: EngineHttp,
  host: EngineHost | null,
): EngineDialect {
  switch (engine) {
    case "vllm":
      return createVllmDialect(http, model);
    case "sglang":
      return createSglangDialect(http, model);
    case "llama-server":
      return createLlamaServerDialect(http, host);
    default:
      return engine satisfies never;
  }
}
