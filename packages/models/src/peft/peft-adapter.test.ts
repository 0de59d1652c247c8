import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LitmusError, policyVersion, sha256 } from "@litmus/core";
import { describe, expect, it } from "vitest";
import type { LoraAdapter } from "../lora-adapter.ts";
import { readLoraAdapter } from "../read-lora-adapter.ts";
import { fixturePath } from "../testing/fixture-path.ts";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { writeLoraAdapter } from "../write-lora-adapter.ts";
import { readPeftAdapter, writePeftAdapter } from "./peft-adapter.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const identity = {
  architecture: "gemma3",
  baseSha256: sha256("base"),
  parentSha256: null,
  version: policyVersion(3),
} as const;
const golden = fixturePath("peft-golden");

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "resolved",
    (error: unknown) => (LitmusError.isInstance(error) ? error.code : String(error)),
  );
}

/** PEFT's golden folder with its config changed. */
async function changed(change: Record<string, unknown>): Promise<string> {
  const folder = await scratchDirectory();
  const config = JSON.parse(await readFile(join(golden, "adapter_config.json"), "utf8")) as object;
  await writeFile(join(folder, "adapter_config.json"), JSON.stringify({ ...config, ...change }));
  await writeFile(join(folder, "adapter_model.safetensors"), await readFile(join(golden, "adapter_model.safetensors")));
  return folder;
}

describe("PEFT folders", () => {
  it("reads what PEFT itself saved, value by value (fixtures/make-peft-golden.py)", async () => {
    const values = JSON.parse(await readFile(join(golden, "values.json"), "utf8")) as Record<string, number[]>;
    const adapter = await readPeftAdapter(golden, identity);
    expect([adapter.rank, adapter.alpha, adapter.tensors.length]).toEqual([2, 6, 7]);
    const query = adapter.tensors.find(({ name }) => name === "blk.0.attn_q.weight");
    expect([query?.inFeatures, query?.outFeatures]).toEqual([8, 8]);
    const modules = { attn_k: "self_attn.k_proj", attn_output: "self_attn.o_proj", ffn_down: "mlp.down_proj" };
    for (const [target, module] of Object.entries(modules)) {
      const tensor = adapter.tensors.find(({ name }) => name === `blk.0.${target}.weight`);
      for (const part of ["A", "B"] as const) {
        const expected = values[`base_model.model.model.layers.0.${module}.lora_${part}.default.weight`];
        expect([...(part === "A" ? tensor!.a : tensor!.b)]).toEqual(expected?.map(Math.fround));
      }
    }
  });

  it("writes the names, shapes and bytes that PEFT writes", async () => {
    const folder = await scratchDirectory();
    await writePeftAdapter(folder, await readPeftAdapter(golden, identity), "owner/base");
    const [ours, theirs] = [
      await readSafetensors(join(folder, "adapter_model.safetensors")),
      await readSafetensors(join(golden, "adapter_model.safetensors")),
    ];
    const byName = (tensors: typeof ours) => new Map(tensors.map((tensor) => [tensor.name, tensor]));
    expect(byName(ours)).toEqual(byName(theirs));
    const config = JSON.parse(await readFile(join(folder, "adapter_config.json"), "utf8")) as Record<string, unknown>;
    expect(config).toMatchObject({ peft_type: "LORA", r: 2, lora_alpha: 6, base_model_name_or_path: "owner/base" });
    expect(config["target_modules"]).toEqual([
      "down_proj",
      "gate_proj",
      "k_proj",
      "o_proj",
      "q_proj",
      "up_proj",
      "v_proj",
    ]);
  });

  it("comes back from GGUF and PEFT as it was", async () => {
    const folder = await scratchDirectory();
    const adapter = await readPeftAdapter(golden, identity);
    const written = await writeLoraAdapter(join(folder, "adapter.gguf"), adapter);
    const fromGguf: LoraAdapter = await readLoraAdapter(written.path, { baseSha256: identity.baseSha256 });
    expect(fromGguf).toEqual(adapter);
    await writePeftAdapter(join(folder, "peft"), fromGguf, "owner/base");
    expect(await readPeftAdapter(join(folder, "peft"), identity)).toEqual(adapter);
  });

  it("scales a rank-stabilised adapter by alpha / √r", async () => {
    const adapter = await readPeftAdapter(await changed({ use_rslora: true }), identity);
    expect(adapter.alpha).toBeCloseTo(6 * Math.sqrt(2), 12);
  });

  it.each([
    ["another method", { peft_type: "LOHA" }],
    ["DoRA", { use_dora: true }],
    ["trained biases", { bias: "all" }],
    ["ranks that differ by module", { rank_pattern: { q_proj: 4 } }],
    ["modules that are saved whole", { modules_to_save: ["lm_head"] }],
    ["another rank than its tensors have", { r: 3 }],
  ])("refuses %s", async (_, change) => {
    expect(await codeOf(readPeftAdapter(await changed(change), identity))).toBe("incompatible");
  });

  it("refuses an architecture whose rows GGUF regroups, a missing folder and damaged files", async () => {
    expect(await codeOf(readPeftAdapter(golden, { ...identity, architecture: "llama" }))).toBe("incompatible");
    expect(await codeOf(readPeftAdapter(join(golden, "nowhere"), identity))).toBe("not-found");
    const folder = await changed({});
    const path = join(folder, "adapter_model.safetensors");
    const bytes = await readFile(path);
    for (const damaged of [bytes.subarray(0, 5), bytes.subarray(0, -4), Buffer.from(bytes).fill(0x7b, 8, 20)]) {
      await writeFile(path, damaged);
      expect(await codeOf(readPeftAdapter(folder, identity))).toBe("corrupt-file");
    }
  });
});

describe("safetensors", () => {
  it("gives equal bytes for equal tensors in any order", async () => {
    const folder = await scratchDirectory();
    const tensors = [
      { name: "b", shape: [2], values: Float32Array.of(1, -2) },
      { name: "a", shape: [1, 3], values: Float32Array.of(0.5, 1e-30, 3) },
    ];
    const [first, second] = [
      await writeSafetensors(join(folder, "1"), tensors),
      await writeSafetensors(join(folder, "2"), tensors.toReversed()),
    ];
    expect(first.sha256).toBe(second.sha256);
    expect(await readSafetensors(first.path)).toEqual(tensors.toReversed());
  });
});
