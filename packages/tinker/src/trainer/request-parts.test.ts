import { sha256 } from "@litmus/core";
import type { Datum } from "@litmus/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ServerName } from "../service/server-traits.ts";
import { openFakeService } from "../testing/index.ts";
import { lesson, settings } from "../testing/lesson.ts";
import type { WireForm } from "../wire/codec.ts";
import { inRequests } from "./request-parts.ts";
import { createTinkerTrainer } from "./tinker-trainer.ts";

it("divides sequences in their order, no request longer than allowed but for one long sequence", () => {
  const lengths = fc.array(fc.nat({ max: 12 }), { maxLength: 30 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 20 }), (sequences, most) => {
      const parts = inRequests(sequences, (length) => length, most);
      expect(parts.flat()).toEqual(sequences);
      const sum = (part: readonly number[]): number => part.reduce((all, length) => all + length, 0);
      for (const [at, part] of parts.entries()) {
        expect(part.length === 1 || sum(part) <= most).toBe(true);
        // As few as can be: the next one's first would not have fitted.
        const next = parts[at + 1]?.[0];
        expect(next === undefined || sum(part) + next > most).toBe(true);
      }
    }),
  );
});

const lessons: readonly Datum[] = [65, 70, 80, 90].map((first, at) => ({
  ...lesson,
  id: `lesson ${at}`,
  tokens: [256, first, first + 1, first + 2, 67].slice(0, 3 + (at % 3)),
  positions: [1, 2],
  weights: [0.5, 0.5],
}));

describe.each<[WireForm, ServerName]>([
  ["json", "skyrl"],
  ["protobuf", "skyrl-megatron"],
])("an update over %s to %s", (form, kind) => {
  async function learn(maxRequestTokens: number) {
    const { server, service } = await openFakeService({ form, server: kind });
    const options = { baseSha256: sha256("tiny"), lora: { rank: 4, seed: 7 }, maxRequestTokens };
    const trainer = await createTinkerTrainer(service, options);
    await trainer.forwardBackward(lessons, { type: "cross_entropy" });
    const before = server.calls.length;
    const { gradientNorm } = await trainer.optimizerStep(settings);
    const calls = server.calls.slice(before);
    return { server, trainer, calls, gradientNorm, logProbs: await trainer.forward(lessons) };
  }

  it("is the same in several requests as in one", async () => {
    const [one, several] = [await learn(1000), await learn(3)];
    expect(one.calls).toEqual(["/forward_backward", "/optim_step"]);
    expect(several.calls).toEqual([...Array.from({ length: 4 }, () => "/forward_backward"), "/optim_step"]);
    expect(several.gradientNorm).toBeCloseTo(one.gradientNorm, 10);
    for (const [at, row] of several.logProbs.entries()) {
      row.forEach((value, token) => expect(value).toBeCloseTo(one.logProbs[at]?.[token] ?? Number.NaN, 8));
    }
  });

  it("of which a part has arrived is doubted, and not sent again", async () => {
    const { server, trainer } = await learn(3);
    await trainer.forwardBackward(lessons, { type: "cross_entropy" });
    server.failNext("/optim_step", ...Array.from({ length: 60 }, () => ({ type: "refuse-connection" }) as const));
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "unavailable" });
    await expect(trainer.optimizerStep(settings)).rejects.toMatchObject({ code: "conflict" });
  });
});
