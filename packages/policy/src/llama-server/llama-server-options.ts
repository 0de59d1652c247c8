import { availableParallelism } from "node:os";
import { LitmusError } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { z } from "zod";

/** How a GGUF model is sampled by a `llama-server` that the policy starts on this machine. */
export interface LlamaServerOptions {
  /** llama.cpp's server: a path, or a name that is looked up on the PATH. */
  readonly program: string;
  /** A GGUF file; F16 in training: quantised kernels differ between batch shapes. */
  readonly modelPath: string;
  /** Checked against the file before the server reads it. */
  readonly modelSha256: Sha256;
  /** Tokens that one episode can hold. */
  readonly contextTokens: number;
  /** Episodes that sample at once; 8 by default. */
  readonly slots?: number;
  /** One less than the machine's cores by default. */
  readonly threads?: number;
  /** Layers of the model on a GPU, if the server was built for one; 0 by default. */
  readonly gpuLayers?: number;
  /** Hashes of the base an adapter may name; the model's own always counts. */
  readonly acceptedBaseSha256?: readonly string[];
}

const count = z.int().positive();

const schema = z.strictObject({
  program: z.string().min(1),
  modelPath: z.string().min(1),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hexadecimal"),
  contextTokens: count.min(16),
  slots: count.max(256).default(8),
  threads: count.default(() => Math.max(1, availableParallelism() - 1)),
  gpuLayers: z.int().nonnegative().default(0),
  acceptedBaseSha256: z.array(z.string()).default([]),
});

/** Options with every default filled in. */
export type ResolvedLlamaServerOptions = z.infer<typeof schema>;

/** @throws LitmusError `invalid-config` */
export function resolveLlamaServerOptions(options: LlamaServerOptions): ResolvedLlamaServerOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new LitmusError("invalid-config", `the options of llama-server: ${z.prettifyError(parsed.error)}`);
}
