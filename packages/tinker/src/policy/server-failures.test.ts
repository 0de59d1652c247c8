import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyVersion, sha256 } from "@litmus/core";
import type { SampleRequest, TokenPolicy, Trainer } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFakeService } from "../testing/index.ts";
import type { FakeServerOptions, FakeService } from "../testing/index.ts";
import { lesson } from "../testing/lesson.ts";
import { createTinkerTrainer } from "../trainer/tinker-trainer.ts";
import { createTinkerPolicy } from "./tinker-policy.ts";

const baseSha256 = sha256("tiny");
const lora = { rank: 4, seed: 7 };
const request: SampleRequest = {
  episodeId: "episode",
  tokens: [256, 65, 66],
  sharedPrefixLength: 0,
  maxTokens: 4,
  temperature: 1,
  seed: 5,
  stopTexts: [],
};

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "litmus-tinker-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function open(
  options: Partial<FakeServerOptions> = {},
): Promise<FakeService & { policy: TokenPolicy; trainer: Trainer }> {
  const fake = await openFakeService(options);
  const tokenizer = createByteTokenizer();
  const policy = await createTinkerPolicy(fake.service, { tokenizer, contextTokens: 100, baseSha256, lora });
  return { ...fake, policy, trainer: await createTinkerTrainer(fake.service, { baseSha256, lora }) };
}

async function learn(trainer: Trainer): Promise<void> {
  await trainer.forwardBackward([lesson], { type: "cross_entropy" });
  await trainer.optimizerStep({
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    weightDecay: 0,
    maxGradientNorm: Infinity,
  });
}

async function publish(trainer: Trainer, policy: TokenPolicy, version: number): Promise<void> {
  const saved = await trainer.save({ directory: root, version: policyVersion(version), parentSha256: null });
  await policy.useAdapter({ version: saved.version, path: saved.adapterPath, sha256: saved.adapterSha256 });
}

describe("sampling", () => {
  it("is asked for once when the reply is lost: the caller decides", async () => {
    const { server, policy } = await open();
    server.failNext("/asample", { type: "drop", acted: true });
    const outcome = await policy.sample(request);
    expect(outcome).toMatchObject({
      ok: false,
      failure: { boundary: "policy", code: "server-reply-lost", retryable: true },
    });
    expect(server.calls.filter((path) => path === "/asample")).toHaveLength(1);
    expect((await policy.sample(request)).ok).toBe(true);
  });

  it("fails as data when the server refuses, answers nonsense, or stops for no visible reason", async () => {
    const { server, policy } = await open();
    const answers = [
      ["server-answer-invalid", '{"sequences":[]}'],
      ["server-answer-invalid", '{"sequences":[{"stop_reason":"stop","tokens":[1,2],"logprobs":[-1]}]}'],
      ["server-answer-invalid", '{"sequences":[{"stop_reason":"stop","tokens":[1],"logprobs":[NaN]}]}'],
      ["server-stop-unexplained", '{"sequences":[{"stop_reason":"stop","tokens":[65],"logprobs":[-1]}]}'],
    ] as const;
    for (const [code, body] of answers) {
      server.failNext("/retrieve_future", { type: "answer", body });
      expect(await policy.sample(request), body).toMatchObject({ ok: false, failure: { code, retryable: false } });
    }
    server.failNext("/asample", { type: "status", status: 500 });
    expect(await policy.sample(request)).toMatchObject({ ok: false, failure: { code: "server-refused" } });
  });

  it("is refused at temperatures whose log-probabilities servers do not give", async () => {
    const { server, policy } = await open();
    expect(await policy.sample({ ...request, temperature: 0.7 })).toMatchObject({
      ok: false,
      failure: { code: "unsupported-temperature" },
    });
    expect(server.calls).not.toContain("/asample");
  });

  it("sends no field that servers drop, and no path with an ephemeral save", async () => {
    const { server, policy, trainer } = await open();
    await learn(trainer);
    await publish(trainer, policy, 1);
    await policy.sample({ ...request, seed: 0xffffffff, stopTexts: ["</a>"] });
    expect(server.droppedFields).toEqual([]);
    const saves = server.arrived.filter(({ path }) => path === "/save_weights_for_sampler");
    expect(saves).toHaveLength(2);
    for (const { bytes } of saves) {
      expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
        sampling_session_seq_id: 1,
        seq_id: expect.any(Number),
      });
      expect(JSON.parse(new TextDecoder().decode(bytes))).not.toHaveProperty("path");
    }
  });
});

describe.each(["json", "protobuf"] as const)("versions (%s)", (form) => {
  it("are sampled from models of their own: what is sampled never moves what is trained", async () => {
    const { policy, trainer } = await open({ form });
    await learn(trainer);
    await publish(trainer, policy, 1);
    await learn(trainer);
    const trained = await trainer.forward([lesson]);
    const old = await policy.sample(request);
    expect(old).toMatchObject({ ok: true, value: { policy: { version: 1 } } });
    expect(await trainer.forward([lesson])).toEqual(trained);
    policy.release(request.episodeId);
    const [scored] = await scoresOf(policy);
    expect(scored).not.toEqual(trained[0]);
    await publish(trainer, policy, 2);
    expect(await scoresOf(policy)).toEqual(trained);
  });

  it("that were published and lost on the way are published again", async () => {
    const { server, policy, trainer } = await open({ form });
    await learn(trainer);
    server.failNext("/save_weights_for_sampler", { type: "drop", acted: true }, { type: "drop", acted: false });
    await publish(trainer, policy, 1);
    expect(await scoresOf(policy)).toEqual(await trainer.forward([lesson]));
  });

  it("that cannot be had leave the policy as it was", async () => {
    const { server, policy, trainer } = await open({ form, maxModels: 2 });
    await learn(trainer);
    await expect(publish(trainer, policy, 1)).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("adapters are in use"),
    });
    expect(policy.identity()).toMatchObject({ version: 0, adapterSha256: null });
    expect((await policy.sample(request)).ok).toBe(true);
    expect(server.modelCount).toBe(2);
  });

  it("leave no model behind", async () => {
    const { server, policy, trainer } = await open({ form });
    for (const version of [1, 2, 3]) {
      await learn(trainer);
      await publish(trainer, policy, version);
    }
    expect(server.modelCount).toBe(2);
    await policy.close();
    await policy.close();
    await trainer.close();
    expect(server.modelCount).toBe(0);
  });
});

async function scoresOf(policy: TokenPolicy): Promise<readonly (readonly number[])[]> {
  const outcome = await policy.score([{ tokens: lesson.tokens, positions: lesson.positions }]);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}
