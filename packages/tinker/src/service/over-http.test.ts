/** @file The same over real connections: Node's fetch and server, the system's clock. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { sha256 } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { expect, it } from "vitest";
import { createTinkerPolicy } from "../policy/tinker-policy.ts";
import { byteVocabulary, FakeTinkerServer, openFakeService } from "../testing/index.ts";
import { lesson, settings } from "../testing/lesson.ts";
import { createTinkerTrainer } from "../trainer/tinker-trainer.ts";
import { connectTinker } from "./tinker-service.ts";
import type { TinkerService } from "./tinker-service.ts";

const options = { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } };
/** Passes a request on to the fake server, and breaks the connection where that is its fault. */
async function passOn(fake: FakeTinkerServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = request.method === "POST" ? { body: new Uint8Array(await buffer(request)) } : {};
  const init = { method: request.method ?? "GET", headers: request.headers as Record<string, string>, ...body };
  try {
    const answer = await fake.fetch(`http://test${request.url}`, init);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(new Uint8Array(await answer.arrayBuffer()));
  } catch {
    request.socket.destroy();
  }
}

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
    const server = createServer((request, response) => void passOn(fake, request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const service = await connectTinker({ url, apiKey: "key", baseModel: "tiny", server: "skyrl" });
    try {
      const expected = await learnAndAct((await openFakeService({ form })).service);
      expect(await learnAndAct(service)).toEqual(expected);
      expect(fake.arrived.every(({ apiKey }) => apiKey === "key")).toBe(true);
    } finally {
      await service.close();
      server.closeAllConnections();
      server.close();
    }
  },
);
