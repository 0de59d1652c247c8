import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** A LangChain callback handler, passed in by who wants to watch or trace the graph. */
export type GraphCallbacks = readonly BaseCallbackHandler[];

/**
 * Runs the work apart from any surrounding LangChain run, with LangSmith tracing off whatever the environment says:
 * LangChain starts a tracer of its own when LANGSMITH_TRACING is set. Callbacks that hold a tracer are the caller's
 * explicit wish, and leave it on.
 */
export function runUntraced<T>(callbacks: GraphCallbacks, work: () => Promise<T>): Promise<T> {
  if (callbacks.some((handler) => handler.name === "langchain_tracer")) return work();
  // The run tree that this puts in place says tracingEnabled: false, and is inherited by all below.
  return AsyncLocalStorageProviderSingleton.runWithConfig({}, work) as Promise<T>;
}
