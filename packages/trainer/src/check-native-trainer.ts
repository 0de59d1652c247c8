import { LitmusError } from "@litmus/core";

/** Loads ONNX Runtime and names its version. @throws LitmusError `unavailable` when it cannot be loaded */
export async function checkNativeTrainer(): Promise<string> {
  try {
    const runtime = await import("onnxruntime-node");
    return `ONNX Runtime ${runtime.env.versions.node ?? runtime.env.versions.common} loads`;
  } catch (cause) {
    throw new LitmusError("unavailable", "ONNX Runtime cannot be loaded on this machine", {
      hint: "remove node_modules and run npm start, so that the binary for this platform is installed",
      cause,
    });
  }
}
