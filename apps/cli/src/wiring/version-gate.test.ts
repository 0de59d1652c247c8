import { describe, expect, it } from "vitest";
import { VersionGate } from "./version-gate.ts";

/** Work that ends when it is told to. */
function openWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve };
}

const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("version gate", () => {
  it("lets work on one version run together, and switches once", async () => {
    const gate = new VersionGate();
    let switches = 0;
    const switchTo = async (): Promise<void> => void (switches += 1);
    const [first, second] = [openWork(), openWork()];
    const both = [gate.run("1", switchTo, first.run), gate.run("1", switchTo, second.run)];
    first.end();
    second.end();
    await Promise.all(both);
    await gate.run("1", switchTo, async () => undefined);
    expect(switches).toBe(1);
  });

  it("switches only when nothing runs, and never beneath work that has begun", async () => {
    const gate = new VersionGate();
    const log: string[] = [];
    let current = "";
    const at = (version: string, work: () => Promise<void>) =>
      gate.run(
        version,
        async () => {
          await eventLoopTurn();
          current = version;
          log.push(`switch ${version}`);
        },
        async () => {
          const begun = current;
          await work();
          log.push(`${version} on ${begun} and ${current}`);
        },
      );
    const [old, other] = [openWork(), openWork()];
    const all = [at("1", old.run), at("2", other.run), at("2", async () => undefined), at("1", async () => undefined)];
    await eventLoopTurn();
    await eventLoopTurn();
    await eventLoopTurn();
    expect(log).toEqual(["switch 1", "1 on 1 and 1"]);
    old.end();
    other.end();
    await Promise.all(all);
    const works = log.filter((line) => !line.startsWith("switch"));
    expect(works.toSorted()).toEqual(["1 on 1 and 1", "1 on 1 and 1", "2 on 2 and 2", "2 on 2 and 2"]);
  });

  it("rejects the work that could not switch, and lets the next one try", async () => {
    const gate = new VersionGate();
    const broken = gate.run(
      "1",
      async () => Promise.reject(new Error("no such adapter")),
      async () => "made",
    );
    await expect(broken).rejects.toThrow("no such adapter");
    const next = gate.run(
      "1",
      async () => undefined,
      async () => "made",
    );
    expect(await next).toBe("made");
  });
});
