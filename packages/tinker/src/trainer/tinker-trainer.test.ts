import { sha256 } from "@litmus/core";
import { describeTrainer } from "@litmus/testing";
import { afterAll, describe, expect, it } from "vitest";
import type { ServerName } from "../service/server-traits.ts";
import { byteVocabulary, FakeTinkerServer, openFakeService } from "../testing/index.ts";
import type { WireForm } from "../wire/codec.ts";
import { createTinkerTrainer } from "./tinker-trainer.ts";

const lora = { rank: 4, seed: 7 };
const tokenizer = { ...byteVocabulary, vocabularySize: 64 };
const forms: readonly (readonly [WireForm, ServerName])[] = [
  ["json", "skyrl"],
  ["protobuf", "skyrl"],
  ["json", "hosted"],
  ["protobuf", "hosted"],
];

describe.each(forms)("on a fake server that speaks %s and reckons as %s", (form, server) => {
  const shared = new FakeTinkerServer({ tokenizer, form, server });
  const other = new FakeTinkerServer({ tokenizer, form, server, baseModel: "another" });
  const open = async (on: FakeTinkerServer) => {
    const { service } = await openFakeService(on);
    return createTinkerTrainer(service, { baseSha256: sha256(on.baseModel), lora, unclippedNorm: "stop-above" });
  };

  describeTrainer("tinker", { open: () => open(shared), openOtherBase: () => open(other) });

  afterAll(() => {
    expect(shared.modelCount).toBe(0);
  });

  it("never sends a field that the server drops", () => {
    expect(shared.droppedFields).toEqual([]);
    expect(shared.calls.length).toBeGreaterThan(50);
  });
});
