import { LitmusError } from "@litmus/core";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

/** Loads llama.cpp without a model and says what it is. @throws LitmusError `unavailable` when it cannot be loaded */
export async function checkNativeSampler(): Promise<string> {
  try {
    const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.disabled });
    const { mathCores, cpuMathCores } = { mathCores: llama.maxThreads, cpuMathCores: llama.cpuMathCores };
    await llama.dispose();
    return `llama.cpp loads; ${cpuMathCores} cores for mathematics${mathCores === 0 ? "" : `, ${mathCores} threads at most`}`;
  } catch (cause) {
    throw new LitmusError("unavailable", "llama.cpp cannot be loaded on this machine", {
      hint: "remove node_modules and run npm start, so that the binary for this platform is installed",
      cause,
    });
  }
}
