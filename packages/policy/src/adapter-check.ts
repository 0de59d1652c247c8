import { LitmusError, sha256OfFile, toLitmusError } from "@litmus/core";
import type { AdapterReference } from "@litmus/core";
import { openGguf } from "@litmus/models";
import type { GgufFile } from "@litmus/models";

const baseKey = "litmus.base_sha256";

/** Refuses adapters that are not what they are said to be, before any process reads them. */
export class AdapterCheck {
  readonly #acceptedBases: ReadonlySet<string>;
  readonly #seen = new Map<string, string>();

  constructor(acceptedBases: readonly string[]) {
    this.#acceptedBases = new Set(acceptedBases);
  }

  /**
   * @throws LitmusError `corrupt-file` when the file's hash differs, `conflict` when the path held another adapter
   * before (llama.cpp would go on with that one), `incompatible` when the adapter names another base
   */
  async check(adapter: AdapterReference): Promise<void> {
    const { path, sha256 } = adapter;
    const actual = await sha256OfFile(path).catch((error: unknown) => {
      throw toLitmusError(error);
    });
    if (actual !== sha256) {
      throw new LitmusError("corrupt-file", `${path} has the SHA-256 ${actual}, not ${sha256}`, { path });
    }
    const earlier = this.#seen.get(path);
    if (earlier !== undefined && earlier !== sha256) {
      throw new LitmusError("conflict", `${path} held another adapter before`, {
        hint: "one file name a version",
        path,
      });
    }
    await this.#checkBase(path);
    this.#seen.set(path, sha256);
  }

  async #checkBase(path: string): Promise<void> {
    await using file = await openGguf(path);
    if (textOf(file, "adapter.type") !== "lora") {
      throw new LitmusError("incompatible", `${path} is not a LoRA adapter`, { path });
    }
    const base = textOf(file, baseKey);
    if (base === null || this.#acceptedBases.has(base)) return;
    throw new LitmusError("incompatible", `${path} was trained on the model ${base}, which is not the one loaded`, {
      hint: "load the model that the adapter was trained on",
      path,
    });
  }
}

function textOf(file: GgufFile, key: string): string | null {
  const value = file.metadata.get(key);
  return value?.type === "string" ? value.value : null;
}
