import type { Clock, Tokenizer } from "@litmus/core";
import type { EngineDialect } from "./engine-dialect.ts";
import type { EngineHost } from "./engine-host.ts";
import type { ResolvedOpenAiCompatibleOptions } from "./openai-compatible-options.ts";
import type { EngineCapabilities } from "./probe-engine.ts";

/** What a policy behind HTTP is made of. */
export interface ServedPolicyParts {
  readonly options: ResolvedOpenAiCompatibleOptions;
  readonly engine: EngineDialect;
  readonly capabilities: EngineCapabilities;
  readonly contextTokens: number;
  readonly tokenizer: Tokenizer;
  readonly clock: Clock;
  /** Aborted to end every request. */
  readonly closing: AbortController;
  /** Null for an engine that somebody else runs. */
  readonly host: EngineHost | null;
}
