import { describe, expect, it } from "vitest";
import { EpisodeGate } from "./episode-gate.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("EpisodeGate", () => {
  it("runs an action between episodes: after the live ones, before the new ones", async () => {
    const gate = new EpisodeGate();
    const order: string[] = [];
    await gate.enter("a");
    await gate.enter("b");
    const action = gate.alone(async () => order.push("alone"));
    const late = gate.enter("c").then(() => order.push("c"));
    await gate.enter("a");
    gate.leave("a");
    await settle();
    expect(order).toEqual([]);
    gate.leave("b");
    await Promise.all([action, late]);
    expect(order).toEqual(["alone", "c"]);
  });

  it("runs actions one after the other, and goes on after one that fails", async () => {
    const gate = new EpisodeGate();
    const order: number[] = [];
    const slow = gate.alone(async () => {
      await settle();
      order.push(1);
      throw new Error("no");
    });
    const next = gate.alone(async () => order.push(2));
    const late = gate.enter("a").then(() => order.push(3));
    await expect(slow).rejects.toThrow("no");
    await Promise.all([next, late]);
    expect(order).toEqual([1, 2, 3]);
  });

  it("does not let in whoever gave up waiting", async () => {
    const gate = new EpisodeGate();
    const controller = new AbortController();
    const action = gate.alone(settle);
    const given = gate.enter("a", controller.signal);
    controller.abort();
    expect(await given).toBe(false);
    await action;
    await gate.alone(async () => undefined);
  });
});
