import { availableParallelism } from "node:os";
import { LitmusError } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { z } from "zod";

/** How a GGUF model is sampled on this machine. */
export interface LlamaCppOptions {
  /** A GGUF file; F16 in training: quantised kernels differ by up to 0.5 nats between batch shapes. */
  readonly modelPath: string;
  /** Checked against the file while it loads. */
  readonly modelSha256: Sha256;
  /** Tokens that one episode can hold. */
  readonly contextTokens: number;
  /** Episodes that sample at once; 16 by default: llama.cpp's half-precision products of 16 rows cost little more than of 8. */
  readonly slots?: number;
  /**
   * One less than the machine's cores by default: llama.cpp's threads wait for each other at every product, so that one
   * other busy process makes as many threads as cores several times slower.
   */
  readonly threads?: number;
  /** Folder of {@link buildKernels}; null, the default, for the kernels that node-llama-cpp brings. */
  readonly kernels?: string | null;
  /** Most tokens of one evaluation, 512 by default: a long observation is evaluated in such pieces. */
  readonly batchTokens?: number;
  /** Shared prefixes kept in memory, each as large as a slot; 2 by default. */
  readonly keptPrefixes?: number;
  /** A new process takes over after so many adapters, which llama.cpp keeps in memory until then; 8 by default. */
  readonly swapsPerProcess?: number;
  /** Hashes of the base an adapter may name; the model's own always counts. */
  readonly acceptedBaseSha256?: readonly string[];
  /** Restarts in a row without one sampled action before the model counts as unusable; 5 by default. */
  readonly maxRestarts?: number;
}

const count = z.int().positive();

const schema = z.strictObject({
  modelPath: z.string().min(1),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hexadecimal"),
  contextTokens: count.min(16),
  slots: count.max(64).default(16),
  threads: count.default(() => Math.max(1, availableParallelism() - 1)),
  kernels: z.string().min(1).nullable().default(null),
  batchTokens: count.default(512),
  keptPrefixes: z.int().nonnegative().default(2),
  swapsPerProcess: count.default(8),
  acceptedBaseSha256: z.array(z.string()).default([]),
  maxRestarts: z.int().nonnegative().default(5),
});

/** Options with every default filled in. */
export type ResolvedLlamaCppOptions = z.infer<typeof schema>;

/** @throws LitmusError `invalid-config` */
export function resolveLlamaCppOptions(options: LlamaCppOptions): ResolvedLlamaCppOptions {
  const parsed = schema.safeParse(options);
  if (!parsed.success)
    throw new LitmusError("invalid-config", `the sampler's options: ${z.prettifyError(parsed.error)}`);
  const { batchTokens, slots } = parsed.data;
  if (batchTokens < slots) {
    const message = `batchTokens (${batchTokens}) must be at least the number of slots (${slots})`;
    throw new LitmusError("invalid-config", message, { path: "batchTokens" });
  }
  return parsed.data;
}
