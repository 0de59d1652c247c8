import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { policyVersion, runId, sha256, type PolicyVersionRecord, type Sha256 } from "@litmus/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adapterOf, readRuns, type AdapterSource } from "./adapter-source.ts";

const run = runId("r");
const content = "the adapter's weights";
const published: PolicyVersionRecord = {
  runId: run,
  version: policyVersion(3),
  adapter: { version: policyVersion(3), path: "adapters/adapter-v0003.gguf", sha256: sha256(content) as Sha256 },
  parentSha256: null,
  stage: "grpo",
  step: 2,
};

let folder: string;
let server: Server;
let answers: (string | number)[];
let asked: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-adapters-"));
  [answers, asked] = [[], []];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const answer = answers.shift() ?? 404;
    if (typeof answer === "number") response.writeHead(answer);
    response.end(typeof answer === "string" ? answer : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const source = (runs: string): AdapterSource => ({
  store: { policyVersions: async () => [published] },
  runs,
  cacheDirectory: folder,
});
const served = () => source(`http://127.0.0.1:${(server.address() as AddressInfo).port}/runs/`);

describe("where a worker has adapters from", () => {
  it("the base policy needs none, and a version that was never published is refused", async () => {
    expect(await adapterOf(source("runs"), run, policyVersion(0))).toBeNull();
    await expect(adapterOf(source("runs"), run, policyVersion(4))).rejects.toMatchObject({ code: "not-found" });
  });

  it("a folder: the file as the run wrote it, which may not be there yet", async () => {
    await expect(adapterOf(source(folder), run, policyVersion(3))).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    const path = join(folder, "r", "adapters/adapter-v0003.gguf");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    expect(await adapterOf(source(folder), run, policyVersion(3))).toMatchObject({ path, sha256: sha256(content) });
  });

  it("refuses an address with credentials, and does not repeat them", () => {
    expect(readRuns("runs")).toBe(resolve("runs"));
    expect(readRuns("https://files.example/runs")).toBe("https://files.example/runs");
    expect(() => readRuns("https://user:secret@files.example/runs")).toThrow(/^(?!.*secret).*credentials/);
  });

  it("an address: fetched once, whole", async () => {
    answers.push(content);
    const adapter = await adapterOf(served(), run, policyVersion(3));
    expect(await readFile(adapter?.path ?? "", "utf8")).toBe(content);
    expect(await adapterOf(served(), run, policyVersion(3))).toEqual(adapter);
    expect(asked).toEqual(["/runs/r/adapters/adapter-v0003.gguf"]);
  });

  it("refuses what is not what was published, keeps nothing of it, and fetches anew", async () => {
    answers.push(content.slice(0, -1), 503, content);
    await expect(adapterOf(served(), run, policyVersion(3))).rejects.toMatchObject({ code: "corrupt-file" });
    expect(await readdir(join(folder, "adapters"))).toEqual([]);
    await expect(adapterOf(served(), run, policyVersion(3))).rejects.toMatchObject({ code: "unavailable" });
    expect(await adapterOf(served(), run, policyVersion(3))).toMatchObject({ sha256: sha256(content) });
  });

  it("says what it could not reach", async () => {
    await expect(adapterOf(source("http://127.0.0.1:9"), run, policyVersion(3))).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
  });
});
