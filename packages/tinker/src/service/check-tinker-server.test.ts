import { describe, expect, it } from "vitest";
import { openFakeService } from "../testing/index.ts";
import { checkTinkerServer } from "./check-tinker-server.ts";
import type { ServerName } from "./server-traits.ts";

const needs = { lora: { rank: 4, seed: 7 }, models: 4, maxKlNats: 0.015 };
const kinds: readonly (readonly ["json" | "protobuf", ServerName])[] = [
  ["json", "skyrl"],
  ["protobuf", "skyrl"],
  ["protobuf", "skyrl-megatron"],
  ["json", "hosted"],
];

describe("what a run needs of its server", () => {
  it.each(kinds)("is found, and nothing is left behind (%s, %s)", async (form, kind) => {
    const { server, service } = await openFakeService({ form, server: kind, maxModels: 4 });
    const { klNats, sampledTokens } = await checkTinkerServer(service, needs);
    expect(klNats).toBeLessThan(1e-9);
    expect(sampledTokens).toBe(128);
    expect(server.modelCount).toBe(0);
    expect(server.calls).not.toContain("/save_weights");
  });

  it("is not there where fewer models fit", async () => {
    const { server, service } = await openFakeService({ maxModels: 3 });
    await expect(checkTinkerServer(service, needs)).rejects.toMatchObject({
      code: "incompatible",
      path: "trainer",
      message: expect.stringContaining("refused model 4 of the 4 that a run needs at once: "),
      hint: "start it with room for 4 adapters of rank 4",
    });
    expect(server.modelCount).toBe(0);
  });

  it("is not there where adapters may not have the rank", async () => {
    const { service } = await openFakeService({ maxRank: 2 });
    await expect(checkTinkerServer(service, needs)).rejects.toThrow("refused model 1 of the 4");
  });

  it("is not there where samples are not scored as they were sampled", async () => {
    const off = await openFakeService({ samplerShiftNats: 0.3 });
    await expect(checkTinkerServer(off.service, needs)).rejects.toMatchObject({
      code: "incompatible",
      path: "limits.samplerTrainerKl",
      message: expect.stringContaining("above 0.015"),
    });
    // k3 of a shift by −d is e^−d + d − 1: 0.1 is within the limit.
    const near = await openFakeService({ samplerShiftNats: 0.1 });
    const { klNats } = await checkTinkerServer(near.service, needs);
    expect(klNats).toBeCloseTo(Math.exp(-0.1) + 0.1 - 1, 10);
  });

  it.each<[ServerName, ServerName, string]>([
    ["hosted", "skyrl", "adds losses up as token-sum, not as sequence-mean"],
    ["skyrl-megatron", "skyrl", "adds losses up as token-sum, not as sequence-mean"],
    ["skyrl", "hosted", "adds losses up as sequence-mean, not as token-sum"],
  ])("is not there where %s is taken for %s", async (kind, named, message) => {
    const { server, service } = await openFakeService({ server: kind }, { server: named });
    await expect(checkTinkerServer(service, needs)).rejects.toMatchObject({
      code: "incompatible",
      path: "trainer.server",
      message: expect.stringContaining(message),
    });
    expect(server.modelCount).toBe(0);
  });

  it("is not judged by a server that is away", async () => {
    const { server, service } = await openFakeService({}, { patienceMs: 0 });
    server.isReachable = false;
    await expect(checkTinkerServer(service, needs)).rejects.toMatchObject({ code: "unavailable" });
  });
});
