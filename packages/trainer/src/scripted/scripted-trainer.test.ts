import { sha256 } from "@litmus/core";
import type { Datum } from "@litmus/core";
import { describeTrainer } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createScriptedTrainer } from "./scripted-trainer.ts";

describeTrainer("scripted", {
  open: async () => createScriptedTrainer({}),
  openOtherBase: async () => createScriptedTrainer({ baseSha256: sha256("another base") }),
});

describe("scripted trainer", () => {
  it("agrees with the sampler where its log-probabilities are known", async () => {
    const datum: Datum = {
      id: "sampled",
      tokens: [1, 2, 3],
      positions: [1, 2],
      weights: [1, 1],
      advantages: [1, -1],
      behaviourLogProbs: [-0.5, -1.5],
      oldLogProbs: null,
      referenceLogProbs: null,
    };
    expect(await createScriptedTrainer({}).forward([datum])).toEqual([[-0.5, -1.5]]);
  });
});
