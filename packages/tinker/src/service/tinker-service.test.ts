import { sha256 } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { byteVocabulary, FakeTinkerServer, ManualTime, openFakeService } from "../testing/index.ts";
import { createTinkerTrainer } from "../trainer/tinker-trainer.ts";
import { connectTinker } from "./tinker-service.ts";

const options = { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } };
const lesson = {
  id: "lesson",
  tokens: [256, 65, 66],
  positions: [2],
  weights: [1],
  advantages: [1],
  behaviourLogProbs: null,
  oldLogProbs: null,
  referenceLogProbs: null,
};

describe("connecting", () => {
  it.each(["json", "protobuf"] as const)(
    "finds out that a server speaks %s, without any effect on it",
    async (form) => {
      const { server, service } = await openFakeService({ form });
      expect(service.form).toBe(form);
      expect(server.calls).toEqual(["/healthz", "/get_server_capabilities", "/forward_backward", "/create_session"]);
      expect(server.modelCount).toBe(0);
    },
  );

  it("sends the API key", async () => {
    const { server } = await openFakeService({}, { apiKey: "secret" });
    expect(server.arrived.map(({ apiKey }) => apiKey)).toEqual(server.arrived.map(() => "secret"));
  });

  it("refuses a base that is not served, and names those that are", async () => {
    await expect(openFakeService({}, { baseModel: "gemma" })).rejects.toMatchObject({
      code: "incompatible",
      path: "baseModel",
      message: "the Tinker server serves tiny, not gemma",
    });
  });

  it("refuses a kind of server that it does not know", async () => {
    await expect(openFakeService({}, { server: "toString" as never })).rejects.toMatchObject({
      code: "invalid-config",
      path: "server",
    });
  });

  it.each([
    ["/healthz", "<html>hello</html>", "invalid-data"],
    ["/healthz", '{"status":"starting"}', "invalid-data"],
    ["/get_server_capabilities", '{"supported_models":[]}', "incompatible"],
    ["/forward_backward", "{}", "incompatible"],
  ])("refuses another API, which answers %s with %s", async (path, body, code) => {
    const server = new FakeTinkerServer({ tokenizer: byteVocabulary });
    server.failNext(path, { type: "answer", body });
    await expect(openFakeService(server)).rejects.toMatchObject({ code });
  });

  it("waits for a server that is starting, as long as its patience lasts", async () => {
    const server = new FakeTinkerServer({ tokenizer: byteVocabulary });
    server.failNext("/healthz", { type: "refuse-connection" }, { type: "status", status: 503 });
    const { time } = await openFakeService(server);
    expect(time.sleeps).toEqual([500, 1000]);
    server.isReachable = false;
    await expect(openFakeService(server)).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("gives up on a server that takes requests and never answers", async () => {
    const server = new FakeTinkerServer({ tokenizer: byteVocabulary });
    const time = new ManualTime();
    server.failNext("/healthz", { type: "hang", acted: false, begun: () => time.expire() });
    const connecting = connectTinker({
      url: "http://tinker.test/",
      apiKey: null,
      baseModel: "tiny",
      server: "skyrl",
      fetch: server.fetch,
      time,
      timeoutMs: 2000,
      patienceMs: 0,
    });
    await expect(connecting).rejects.toMatchObject({ message: expect.stringContaining("no answer within 2000 ms") });
  });
});

describe("a session", () => {
  it("lives as long as its heart beats, and its models with it", async () => {
    const { server, time, service } = await openFakeService();
    const trainer = await createTinkerTrainer(service, options);
    for (let beat = 0; beat < 40; beat++) {
      server.advance(10_000);
      await time.tick();
    }
    expect(server.calls.filter((path) => path === "/session_heartbeat")).toHaveLength(40);
    expect(await trainer.forward([lesson])).toHaveLength(1);
  });

  it("survives single beats that are lost", async () => {
    const { server, time, service } = await openFakeService();
    const trainer = await createTinkerTrainer(service, options);
    server.failNext(
      "/session_heartbeat",
      { type: "drop", acted: false },
      { type: "status", status: 503 },
      { type: "status", status: 500 },
    );
    for (let beat = 0; beat < 29; beat++) {
      server.advance(10_000);
      await time.tick();
    }
    expect(await trainer.forward([lesson])).toHaveLength(1);
  });

  it("that the server has ended fails every further call by name", async () => {
    const { server, time, service } = await openFakeService();
    const trainer = await createTinkerTrainer(service, options);
    server.advance(300_000);
    await time.tick();
    const before = server.calls.length;
    await expect(trainer.forward([lesson])).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("Session not found"),
    });
    expect(server.calls).toHaveLength(before);
  });

  it("beats no more once it is closed", async () => {
    const { server, time, service } = await openFakeService();
    await service.close();
    await time.tick();
    await time.tick();
    expect(server.calls).not.toContain("/session_heartbeat");
  });
});

describe("results", () => {
  it.each(["json", "protobuf"] as const)("of another shape than the data are refused (%s)", async (form) => {
    const { server, service } = await openFakeService({ form });
    const trainer = await createTinkerTrainer(service, options);
    const answers = [
      `{"loss_fn_outputs":[]}`,
      `{"loss_fn_outputs":[{"logprobs":{"data":[-1]}}]}`,
      `{"loss_fn_outputs":[{"logprobs":{"data":[-1,NaN]}}]}`,
      `{"outputs":1}`,
      "",
    ];
    for (const body of answers) {
      server.failNext("/retrieve_future", { type: "answer", body });
      await expect(trainer.forward([lesson]), body).rejects.toMatchObject({ code: "invalid-data" });
    }
    expect(await trainer.forward([lesson])).toHaveLength(1);
  });

  it("that never come are given up after their time", async () => {
    const { server, service } = await openFakeService({}, { resultTimeoutMs: 10_000 });
    const trainer = await createTinkerTrainer(service, options);
    server.notReady = Infinity;
    await expect(trainer.forward([lesson])).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("not ready within 10000 ms"),
    });
  });

  it("with NaN in protobuf are refused as well", async () => {
    const { server, service } = await openFakeService({ form: "protobuf" });
    const trainer = await createTinkerTrainer(service, options);
    // The message `nan` of fixtures/protobuf-golden.json.
    const body = new Uint8Array(
      Buffer.from(
        "122e122a0a086c6f6770726f6273121e0a08000080bf0000c07f12100000000000000000080000000000000018011801",
        "hex",
      ),
    );
    server.failNext("/retrieve_future", { type: "answer", body, contentType: "application/x-protobuf" });
    await expect(trainer.forward([lesson])).rejects.toMatchObject({
      code: "invalid-data",
      message: expect.stringContaining("NaN"),
    });
  });
});
