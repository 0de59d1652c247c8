/** @file The same over real connections: Node's fetch and server, the system's clock. */
import { sha256 } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { expect, it } from "vitest";
import { createTinkerPolicy } from "../policy/tinker-policy.ts";
import { byteVocabulary, FakeTinkerServer, openFakeService, serveFake } from "../testing/index.ts";
import { lesson, settings } from "../testing/lesson.ts";
import { createTinkerTrainer } from "../trainer/tinker-trainer.ts";
import { connectTinker } from "./tinker-service.ts";
import type { TinkerService } from "./tinker-service.ts";

const options = { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } };

/** Log-probabilities after one update, and an action. */
async function learnAndAct(service: TinkerService): Promise<unknown> {
  const trainer = await createTinkerTrainer(service, options);
  const policy = await createTinkerPolicy(service, {
    ...options,
    tokenizer: createByteTokenizer(),
    contextTokens: 100,
  });
  await trainer.forwardBackward([lesson], { type: "cross_entropy" });
  await trainer.optimizerStep(settings);
  const request = {
    episodeId: "e",
    tokens: [256, 65],
    sharedPrefixLength: 0,
    maxTokens: 3,
    temperature: 1,
    seed: 3,
    stopTexts: [],
  };
  return [await trainer.forward([lesson]), await policy.sample(request)];
}

it.each(["json", "protobuf"] as const)(
  "learns and samples the same over a real connection that breaks (%s)",
  async (form) => {
    const fake = new FakeTinkerServer({ tokenizer: byteVocabulary, form });
    fake.failNext("/retrieve_future", { type: "drop", acted: true });
    await using server = await serveFake(fake);
    const service = await connectTinker({ url: server.url, apiKey: "key", baseModel: "tiny", server: "skyrl" });
    try {
      const expected = await learnAndAct((await openFakeService({ form })).service);
      expect(await learnAndAct(service)).toEqual(expected);
      expect(fake.arrived.every(({ apiKey }) => apiKey === "key")).toBe(true);
    } finally {
      await service.close();
    }
  },
);
