/**
 * @file The promises of trainer and policy on a real server, which costs 6 GB to install and is therefore asked for:
 *
 *     node packages/testing/services/start-tinker-server.mjs npm test -- packages/tinker
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyVersion, sha256 } from "@litmus/core";
import type { AdapterReference, Trainer } from "@litmus/core";
import { createByteTokenizer, describeTokenPolicy, describeTrainer } from "@litmus/testing";
import { afterAll, describe } from "vitest";
import { createTinkerPolicy } from "./policy/tinker-policy.ts";
import { connectTinker } from "./service/tinker-service.ts";
import type { TinkerService } from "./service/tinker-service.ts";
import { lesson, settings } from "./testing/lesson.ts";
import { createTinkerTrainer } from "./trainer/tinker-trainer.ts";

const url = process.env["LITMUS_TEST_TINKER"];
const baseModel = process.env["LITMUS_TEST_TINKER_BASE"] ?? "";
const lora = { rank: 8, seed: 7 };
const baseSha256 = sha256("tiny");

describe.skipIf(url === undefined)("on a real server", { timeout: 120_000 }, () => {
  const closing: (() => Promise<unknown>)[] = [];
  const connect = async (): Promise<TinkerService> => {
    const service = await connectTinker({ url: url as string, apiKey: null, baseModel, server: "skyrl" });
    closing.push(() => service.close());
    return service;
  };
  const open = async (base = baseSha256): Promise<Trainer> =>
    createTinkerTrainer(await connect(), { baseSha256: base, lora });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  // This server does not clip.
  describeTrainer("skyrl", {
    open: () => open(),
    openOtherBase: () => open(sha256("another")),
    maxGradientNorm: Infinity,
  });

  describeTokenPolicy("skyrl", async () => {
    const directory = await mkdtemp(join(tmpdir(), "litmus-skyrl-"));
    closing.push(() => rm(directory, { recursive: true }));
    const trainer = await open();
    closing.push(() => trainer.close());
    const learnAndSave = async (version: number): Promise<AdapterReference> => {
      await trainer.forwardBackward([lesson], { type: "cross_entropy" });
      await trainer.optimizerStep(settings);
      const saved = await trainer.save({ directory, version: policyVersion(version), parentSha256: null });
      return { version: saved.version, path: saved.adapterPath, sha256: saved.adapterSha256 };
    };
    const adapters: [AdapterReference, AdapterReference] = [await learnAndSave(1), await learnAndSave(2)];
    const policy = await createTinkerPolicy(await connect(), {
      tokenizer: createByteTokenizer(),
      contextTokens: 200,
      baseSha256,
      lora,
    });
    // Sampler and trainer were at most 4.8e-7 apart when the server was driven by hand.
    return { policy, adapters, logProbTolerance: 1e-5, hidesCache: true };
  });
});
