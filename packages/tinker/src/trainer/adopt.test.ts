/** @file What an optimiser remembers shows in a step without gradient: its moments go on moving the weights. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyVersion, sha256 } from "@litmus/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openFakeService } from "../testing/index.ts";
import { lesson, settings } from "../testing/lesson.ts";
import { createTinkerTrainer } from "./tinker-trainer.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-tinker-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it.each(["skyrl", "hosted"] as const)(
  "a loaded state keeps its moments, an adopted one begins anew (%s)",
  async (server) => {
    const { service } = await openFakeService({ server });
    const trainer = await createTinkerTrainer(service, { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 } });
    for (let update = 0; update < 2; update++) {
      await trainer.forwardBackward([lesson], { type: "cross_entropy" });
      await trainer.optimizerStep(settings);
    }
    const saved = await trainer.save({ directory, version: policyVersion(1), parentSha256: null });
    const learned = await trainer.forward([lesson]);
    await trainer.load(saved);
    expect(await trainer.forward([lesson])).toEqual(learned);
    await trainer.optimizerStep(settings);
    expect(await trainer.forward([lesson])).not.toEqual(learned);
    await trainer.adopt(saved);
    expect(await trainer.forward([lesson])).toEqual(learned);
    await trainer.optimizerStep(settings);
    expect(await trainer.forward([lesson])).toEqual(learned);
  },
);
