/** @file What is learned when connections break, servers restart and results are lost: each update once, or a clear refusal. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyVersion, sha256 } from "@litmus/core";
import type { Datum, SavedState, Trainer } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFakeService } from "../testing/index.ts";
import type { FakeService } from "../testing/index.ts";
import type { Fault } from "../testing/index.ts";
import { lesson as shortLesson, settings } from "../testing/lesson.ts";
import type { WireForm } from "../wire/codec.ts";
import { createTinkerTrainer } from "./tinker-trainer.ts";

const lesson: Datum = { ...shortLesson, tokens: [...shortLesson.tokens, 68], positions: [2, 4], weights: [0.5, 0.5] };
const lost: readonly (readonly [string, Fault])[] = [
  ["the connection breaks after the server acted", { type: "drop", acted: true }],
  ["a gateway answers 502 after the server acted", { type: "status", status: 502, acted: true }],
  ["the connection breaks before the server acted", { type: "drop", acted: false }],
];

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "litmus-tinker-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Opened extends FakeService {
  readonly trainer: Trainer;
}

async function open(form: WireForm): Promise<Opened> {
  const fake = await openFakeService({ form });
  const trainer = await createTinkerTrainer(fake.service, { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } });
  return { ...fake, trainer };
}

async function learn(trainer: Trainer): Promise<void> {
  await trainer.forwardBackward([lesson], { type: "cross_entropy" });
  await trainer.optimizerStep(settings);
}

let saves = 0;
const save = (trainer: Trainer): Promise<SavedState> =>
  trainer.save({ directory: join(root, String(saves++)), version: policyVersion(1), parentSha256: null });

/** Log-probabilities after so many undisturbed updates. */
async function undisturbed(form: WireForm, updates: number): Promise<readonly (readonly number[])[]> {
  const { trainer } = await open(form);
  for (let update = 0; update < updates; update++) await learn(trainer);
  return trainer.forward([lesson]);
}

describe("a server that knows repeated calls by their number", () => {
  const calls = ["/forward_backward", "/optim_step"].flatMap((path) =>
    lost.map(([what, fault]) => ({ path, what, fault })),
  );

  it.each(calls)("learns once from $path when $what", async ({ path, fault }) => {
    const { server, trainer } = await open("protobuf");
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    server.failNext(path, fault, fault);
    await trainer.optimizerStep(settings);
    expect(server.steps).toEqual([1]);
    expect(await trainer.forward([lesson])).toEqual(await undisturbed("protobuf", 1));
  });
});

it("doubts an update that was sent, lost, and could not be asked for again", async () => {
  const { server, trainer } = await open("protobuf");
  await trainer.forwardBackward([lesson], { type: "cross_entropy" });
  const refusals = Array.from({ length: 50 }, () => ({ type: "refuse-connection" }) as const);
  server.failNext("/optim_step", { type: "drop", acted: true }, ...refusals);
  await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "unavailable" });
  await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "conflict" });
  expect(server.steps).toEqual([1]);
});

describe("a server that would carry a repeated call out again", () => {
  it.each(lost)(
    "is not asked again when %s, and the trainer refuses to go on until a state is loaded",
    async (_, fault) => {
      const { server, trainer } = await open("json");
      await learn(trainer);
      const saved = await save(trainer);
      await trainer.forwardBackward([lesson], { type: "cross_entropy" });
      const before = server.calls.length;
      server.failNext("/optim_step", fault);
      await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "unavailable", retryable: true });
      expect(server.calls.slice(before).filter((path) => path === "/forward_backward")).toHaveLength(1);
      const doubt = { code: "conflict", hint: expect.stringContaining("load the last saved state") };
      await expect(trainer.forward([lesson])).rejects.toMatchObject(doubt);
      await expect(trainer.optimizerStep(settings)).rejects.toMatchObject(doubt);
      await expect(save(trainer)).rejects.toMatchObject(doubt);
      await trainer.load(saved);
      await learn(trainer);
      expect(await trainer.forward([lesson])).toEqual(await undisturbed("json", 2));
    },
  );

  it("is asked again when the call never reached it", async () => {
    const { server, trainer } = await open("json");
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    server.failNext("/forward_backward", { type: "refuse-connection" }, { type: "refuse-connection" });
    server.failNext("/optim_step", { type: "refuse-connection" });
    await trainer.optimizerStep(settings);
    expect(await trainer.forward([lesson])).toEqual(await undisturbed("json", 1));
  });

  it("keeps the update for later when the server cannot be reached at all", async () => {
    const { server, trainer } = await open("json");
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    server.isReachable = false;
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "unavailable" });
    server.isReachable = true;
    await trainer.optimizerStep(settings);
    expect(await trainer.forward([lesson])).toEqual(await undisturbed("json", 1));
  });

  it("reads without fear: a forward pass is repeated", async () => {
    const { server, trainer } = await open("json");
    server.failNext("/forward", { type: "drop", acted: true }, { type: "status", status: 503, acted: true });
    expect(await trainer.forward([lesson])).toEqual(await undisturbed("json", 0));
  });
});

describe.each(["json", "protobuf"] as const)("in the %s form", (form) => {
  it.each([408, "try_again"] as const)(
    "polls until a result is there when the server says %s, and trains once",
    async (answer) => {
      const { server, trainer } = await open(form);
      server.notReady = 3;
      server.notReadyAnswer = answer;
      server.failNext("/retrieve_future", { type: "drop", acted: true }, { type: "status", status: 504 });
      await learn(trainer);
      server.notReady = 0;
      expect(server.steps).toEqual([1]);
      expect(await trainer.forward([lesson])).toEqual(await undisturbed(form, 1));
    },
  );

  it("does not step when the gradient failed: the failure comes with the result, not with the call", async () => {
    const { server, trainer } = await open(form);
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    server.failNext("/retrieve_future", { type: "status", status: 400, detail: "out of memory" });
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("out of memory"),
    });
    expect(server.steps).toEqual([0]);
    expect(server.calls).not.toContain("/optim_step");
    await expect(trainer.forward([lesson])).rejects.toMatchObject({ code: "conflict" });
  });

  it("goes on from the last saved state after the server was restarted in the middle of an update", async () => {
    const { server, trainer } = await open(form);
    await learn(trainer);
    const saved = await save(trainer);
    await trainer.forwardBackward([lesson], { type: "cross_entropy" });
    server.restart();
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "not-found" });
    const { service } = await openFakeService(server);
    const resumed = await createTinkerTrainer(service, { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } });
    await resumed.load(saved);
    await learn(resumed);
    expect(await resumed.forward([lesson])).toEqual(await undisturbed(form, 2));
    expect((await save(resumed)).updates).toBe(2);
  });

  it.each(lost)("saves once when %s", async (_, fault) => {
    const { server, trainer } = await open(form);
    await learn(trainer);
    server.failNext("/save_weights", fault);
    const saved = await save(trainer);
    const learned = await trainer.forward([lesson]);
    await learn(trainer);
    expect(await trainer.forward([lesson], saved)).toEqual(learned);
    expect((await save(trainer)).adapterSha256).not.toBe(saved.adapterSha256);
  });

  it.each(lost)("loads into a fresh model when %s", async (_, fault) => {
    const { server, trainer } = await open(form);
    await learn(trainer);
    const saved = await save(trainer);
    const learned = await trainer.forward([lesson]);
    await learn(trainer);
    server.failNext("/load_weights", fault);
    server.failNext("/create_model", fault);
    await trainer.load(saved);
    expect(await trainer.forward([lesson])).toEqual(learned);
  });
});
