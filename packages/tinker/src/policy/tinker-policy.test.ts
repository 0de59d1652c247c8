import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyVersion, sha256 } from "@litmus/core";
import type { AdapterReference } from "@litmus/core";
import { createByteTokenizer, describeTokenPolicy } from "@litmus/testing";
import { afterAll, describe } from "vitest";
import { byteVocabulary, FakeTinkerServer, openFakeService } from "../testing/index.ts";
import { lesson, settings } from "../testing/lesson.ts";
import { createTinkerTrainer } from "../trainer/tinker-trainer.ts";
import { createTinkerPolicy } from "./tinker-policy.ts";

const lora = { rank: 4, seed: 7 };
const baseSha256 = sha256("tiny");
const folders: string[] = [];

/** Two adapters of one training run, saved while it goes on. */
async function trainTwo(server: FakeTinkerServer): Promise<[AdapterReference, AdapterReference]> {
  const { service } = await openFakeService(server);
  const trainer = await createTinkerTrainer(service, { baseSha256, lora });
  const directory = await mkdtemp(join(tmpdir(), "litmus-tinker-"));
  folders.push(directory);
  const learnAndSave = async (version: number): Promise<AdapterReference> => {
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    await trainer.optimizerStep(settings);
    const saved = await trainer.save({ directory, version: policyVersion(version), parentSha256: null });
    return { version: saved.version, path: saved.adapterPath, sha256: saved.adapterSha256 };
  };
  return [await learnAndSave(1), await learnAndSave(2)];
}

describe.each(["json", "protobuf"] as const)("on a fake server that speaks %s", (form) => {
  afterAll(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  describeTokenPolicy("tinker", async () => {
    const server = new FakeTinkerServer({ tokenizer: byteVocabulary, form });
    const adapters = await trainTwo(server);
    const { service } = await openFakeService(server);
    const tokenizer = createByteTokenizer();
    const policy = await createTinkerPolicy(service, { tokenizer, contextTokens: 200, baseSha256, lora });
    return { policy, adapters, logProbTolerance: 1e-6, hidesCache: true };
  });
});
