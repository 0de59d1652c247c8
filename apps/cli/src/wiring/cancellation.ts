import { LitmusError } from "@litmus/core";
import { exitCodes } from "../exit-code.ts";

/** Ctrl-C, or SIGTERM: once asks for a clean end, twice ends now. Both can be resumed. The signal's reason is `interrupted`. */
export function cancellation(onFirst: () => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    onFirst();
    controller.abort(
      new LitmusError("interrupted", "the command was interrupted", {
        hint: "run the same command again",
        retryable: true,
      }),
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}
