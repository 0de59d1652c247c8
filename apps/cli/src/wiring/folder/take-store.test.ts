import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createManualTiming } from "@litmus/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { takeStore } from "./take-store.ts";

/** Whatever answers at the address that a lock names. */
const asked: (string | undefined)[] = [];
const server = createServer((request, response) => {
  asked.push(request.url);
  response.writeHead(401).end();
});
let address: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  address = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : 0}`;
});
beforeEach(() => asked.splice(0));
afterAll(() => void server.close());

async function folderHeldBy(fields: { readonly host: string; readonly yields: boolean }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "litmus-take-"));
  const lock = { pid: process.pid, start: null, nonce: "n", address, token: null, ...fields };
  await writeFile(join(directory, "store.lock"), JSON.stringify(lock));
  return directory;
}

describe("taking a folder", () => {
  it("asks a process of this machine that gives way", async () => {
    const directory = await folderHeldBy({ host: hostname(), yields: true });
    await expect(takeStore(directory)).rejects.toMatchObject({ code: "conflict" });
    expect(asked).toEqual(["/store/release"]);
  });

  it.each([
    ["of another machine, whose address leads nowhere from here", { host: "elsewhere", yields: true }, "on elsewhere"],
    ["that keeps it", { host: hostname(), yields: false }, `process ${process.pid}`],
  ])("asks no process %s, and does not wait for it", async (_, fields, said) => {
    const timing = createManualTiming();
    const directory = await folderHeldBy(fields);
    await expect(takeStore(directory, timing)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(said),
    });
    expect([asked, timing.waits]).toEqual([[], []]);
  });
});
