import { LitmusError } from "@litmus/core";

/** Why a model did not load, as an error that says what to do. */
export function modelLoadError(modelPath: string, reason: string): LitmusError {
  if (/insufficient|memory|failed to create context/i.test(reason)) {
    return new LitmusError("unavailable", `${modelPath} does not fit in memory: ${reason}`, {
      hint: "fewer slots, a smaller contextTokens or a smaller model",
    });
  }
  if (/\bkernels\b/.test(reason)) {
    return new LitmusError("incompatible", reason, {
      hint: "remove the folder of the kernels, so that they are built again, or set policy.kernels to prebuilt",
    });
  }
  if (/model process ended/.test(reason)) {
    return new LitmusError("unavailable", `${modelPath} does not load: ${reason}`, {
      hint: "check the file's SHA-256 and that llama.cpp supports this processor",
      retryable: true,
    });
  }
  return new LitmusError("corrupt-file", `${modelPath} does not load: ${reason}`, {
    hint: "fetch the model again; a half-written or foreign file cannot be used",
  });
}
