import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** LangChain callback handlers, passed in by who wants to watch or trace the graph. */
export type GraphCallbacks = readonly BaseCallbackHandler[];

const tracerName = "langchain_tracer";

/** What LangChain finds in its asynchronous context in place of a surrounding run: no config to inherit, tracing off. */
const untraced = (): { tracingEnabled: boolean } => ({ tracingEnabled: false });

/** Takes the place of the LangSmith tracer that LangChain adds when LANGSMITH_TRACING is set and none has the name; sends nothing. */
class SilentTracer extends BaseCallbackHandler {
  readonly name = tracerName;

  /** Asked for the run that nested work belongs to. */
  getRunTreeWithTracingConfig(): { tracingEnabled: boolean } {
    return untraced();
  }

  /** Told of a surrounding run, which is not followed. */
  updateFromRunTree(): void {}
}

/**
 * Runs the work apart from any surrounding LangChain run, with LangSmith tracing off whatever the environment says.
 * Callbacks that hold a tracer are the caller's explicit wish, and leave it on.
 * @param work is given the callbacks to call the graph with
 */
export function runUntraced<T>(
  callbacks: GraphCallbacks,
  work: (callbacks: BaseCallbackHandler[]) => Promise<T>,
): Promise<T> {
  if (callbacks.some((handler) => handler.name === tracerName)) return work([...callbacks]);
  const silenced = [...callbacks, new SilentTracer()];
  return AsyncLocalStorageProviderSingleton.getInstance().run(untraced(), () => work(silenced));
}
