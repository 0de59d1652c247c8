import { LitmusError } from "@litmus/core";
import type { GgufFile } from "./open-gguf.ts";

const prefix = "gemma3.";

/** Keys that the configuration reads. */
const understood = new Set([
  "context_length",
  "embedding_length",
  "block_count",
  "feed_forward_length",
  "vocab_size",
  "attention.head_count",
  "attention.head_count_kv",
  "attention.key_length",
  "attention.value_length",
  "attention.layer_norm_rms_epsilon",
  "attention.sliding_window",
  "rope.freq_base",
  "rope.freq_base_swa",
]);

/** Keys that may be there as long as they say what is assumed without them. */
const assumed: Readonly<Record<string, string | number>> = {
  "attention.sliding_window_pattern": 6,
  "rope.scaling.type": "none",
  final_logit_softcapping: 0,
  attn_logit_softcapping: 0,
};

/** Typed access to the `gemma3.` keys of a file. */
export class Gemma3Keys {
  readonly file: Pick<GgufFile, "path" | "metadata" | "tensors">;

  constructor(file: Pick<GgufFile, "path" | "metadata" | "tensors">) {
    this.file = file;
  }

  refuse(what: string): LitmusError {
    return new LitmusError("incompatible", `${this.file.path}: ${what}`, {
      path: this.file.path,
      hint: "use a Gemma 3 text model in GGUF form, such as the default policy",
    });
  }

  /** @throws LitmusError `incompatible` for another architecture, or a key that could change the forward pass */
  refuseUnsupported(): void {
    const architecture = this.#plain("general.architecture");
    if (architecture !== "gemma3") {
      throw this.refuse(`the architecture is ${JSON.stringify(architecture ?? null)}, not "gemma3"`);
    }
    for (const key of this.file.metadata.keys()) {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : null;
      if (name === null || understood.has(name)) continue;
      if (assumed[name] === undefined || assumed[name] !== this.#plain(key)) {
        throw this.refuse(`the key "${key}" is not supported with this value`);
      }
    }
  }

  /** A positive integer. */
  integer(name: string): number {
    const value = this.positive(name);
    if (!Number.isInteger(value)) throw this.refuse(`"${prefix}${name}" is ${value}, not an integer`);
    return value;
  }

  /** A positive, finite number; the fallback where the key is absent. */
  positive(name: string, fallback?: number): number {
    const value = this.#plain(prefix + name) ?? fallback;
    if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
    throw this.refuse(`"${prefix}${name}" is ${value === undefined ? "missing" : "no positive number"}`);
  }

  #plain(key: string): string | number | boolean | bigint | undefined {
    const entry = this.file.metadata.get(key);
    return entry === undefined || entry.type === "array" ? undefined : entry.value;
  }
}
