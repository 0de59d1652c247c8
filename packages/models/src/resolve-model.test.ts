import { spawnSync } from "node:child_process";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { createRng, sha256, sha256OfFile } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { modelPath } from "./model-cache.ts";
import { modelSpecSchema } from "./model-spec.ts";
import type { ModelSpec } from "./model-spec.ts";
import { resolveModel } from "./resolve-model.ts";
import type { ModelProgress, ResolveOptions } from "./resolve-model.ts";
import { startHubServer } from "./testing/hub-server.ts";
import type { HubAnswer, HubServer } from "./testing/hub-server.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";

const rng = createRng("a model");
const content = Uint8Array.from({ length: 300_000 }, () => rng.integer(256));
const expected = sha256(content);
const hub = { type: "hub", repository: "owner/repo", file: "model.gguf" } as const;
const spec = (...sources: readonly object[]): ModelSpec => modelSpecSchema.parse({ sha256: expected, sources });

interface HubSetup {
  readonly server: HubServer;
  readonly options: ResolveOptions;
}

async function setUpHub(answers: readonly HubAnswer[], served: Uint8Array = content): Promise<HubSetup> {
  const server = await startHubServer(served, answers);
  const cacheDirectory = await scratchDirectory();
  const hubOptions = { baseUrl: server.baseUrl, retryDelaysMs: [1, 1, 1], stallTimeoutMs: 60_000 };
  const onProgress = ({ doneBytes }: ModelProgress): void => server.received(doneBytes);
  return { server, options: { cacheDirectory, hub: hubOptions, onProgress } };
}

const cachedNames = async (options: ResolveOptions): Promise<string[]> =>
  readdir(dirname(modelPath(options.cacheDirectory, expected)));

describe("resolveModel from a path", () => {
  it("takes the first path that is there, and checks it", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "own.gguf");
    await writeFile(path, content);
    const sources = [{ type: "path", path: join(directory, "none.gguf") }, hub, { type: "path", path }];
    const found = await resolveModel(spec(...sources), { cacheDirectory: directory });
    expect(found).toEqual({ path, sha256: expected, source: "path", downloadSeconds: 0 });
    const unknown = modelSpecSchema.parse({ sha256: null, sources: [{ type: "path", path }] });
    expect((await resolveModel(unknown, { cacheDirectory: directory })).sha256).toBe(expected);
  });

  it("refuses a path that holds another file, instead of taking the next source", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "own.gguf");
    await writeFile(path, content.subarray(1));
    const found = resolveModel(spec({ type: "path", path }, hub), { cacheDirectory: directory });
    await expect(found).rejects.toMatchObject({ code: "corrupt-file", path });
  });

  it("says what it tried, with one command that helps", async () => {
    const cacheDirectory = await scratchDirectory();
    const sources = [{ type: "path", path: "/no/such/file.gguf" }, hub];
    const error = await resolveModel(spec(...sources), { cacheDirectory, offline: true }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: "unavailable",
      hint: expect.stringMatching(/^allow fetching once, or: curl .*owner\/repo\/resolve\/main\/model.gguf/),
    });
    const lines = String(error).split("\n").slice(1);
    expect(lines).toEqual([
      "  /no/such/file.gguf: there is no such file",
      expect.stringMatching(/^ {2}cache .*model\.gguf: there is no such file$/),
      expect.stringMatching(/owner\/repo\/resolve\/main\/model\.gguf: not tried: offline$/),
    ]);
    expect(await readdir(cacheDirectory)).toEqual([]);
  });
});

describe("resolveModel from a hub", () => {
  it("downloads, checks and then serves from the cache, offline too", async () => {
    const { server, options } = await setUpHub([{ type: "whole" }]);
    const seen: ModelProgress[] = [];
    const found = await resolveModel(spec(hub), { ...options, onProgress: (progress) => seen.push(progress) });
    expect(found).toMatchObject({ sha256: expected, source: "hub", path: modelPath(options.cacheDirectory, expected) });
    expect(found.downloadSeconds).toBeGreaterThan(0);
    expect(seen.at(-1)).toEqual({ source: "hub", doneBytes: content.length, totalBytes: content.length });
    expect(await sha256OfFile(found.path)).toBe(expected);
    expect(server.requests.map((request) => request.url)).toEqual(["/owner/repo/resolve/main/model.gguf"]);
    const again = await resolveModel(spec(hub), { ...options, offline: true });
    expect(again).toEqual({ ...found, source: "cache", downloadSeconds: 0 });
    expect(server.requests).toHaveLength(1);
  });

  it("goes on where a connection was cut", async () => {
    const cut = { type: "cut", afterBytes: 100_000 } as const;
    const { server, options } = await setUpHub([cut, cut, { type: "whole" }]);
    const found = await resolveModel(spec(hub), options);
    expect(await sha256OfFile(found.path)).toBe(expected);
    expect(server.requests.map((request) => request.range)).toEqual([undefined, "bytes=100000-", "bytes=200000-"]);
    expect(await cachedNames(options)).toEqual(["model.gguf"]);
  });

  it("goes on where an earlier process stopped", async () => {
    const { server, options } = await setUpHub([{ type: "cut", afterBytes: 70_000 }, { type: "whole" }]);
    const noRetries = { ...options, hub: { ...options.hub, retryDelaysMs: [] } };
    await expect(resolveModel(spec(hub), noRetries)).rejects.toMatchObject({ code: "unavailable", retryable: true });
    expect(await cachedNames(options)).toEqual([expect.stringMatching(/\.partial$/)]);
    await resolveModel(spec(hub), noRetries);
    expect(server.requests.map((request) => request.range)).toEqual([undefined, "bytes=70000-"]);
    expect(await cachedNames(options)).toEqual(["model.gguf"]);
  });

  it("leaves alone what another process is writing", async () => {
    const { server, options } = await setUpHub([{ type: "whole" }]);
    const directory = dirname(modelPath(options.cacheDirectory, expected));
    await mkdir(directory, { recursive: true });
    const busy = "1@another-machine@7.partial";
    await writeFile(join(directory, busy), content.subarray(0, 10));
    await resolveModel(spec(hub), options);
    expect(server.requests[0]?.range).toBeUndefined();
    expect((await cachedNames(options)).sort()).toEqual([busy, "model.gguf"]);
  });

  it("goes on at once where a killed process of this machine stopped", async () => {
    const { server, options } = await setUpHub([{ type: "whole" }]);
    const directory = dirname(modelPath(options.cacheDirectory, expected));
    await mkdir(directory, { recursive: true });
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(join(directory, `1@${hostname()}@${pid}.partial`), content.subarray(0, 1234));
    await writeFile(join(directory, `2@${hostname()}@${process.pid}.partial`), content.subarray(0, 5678));
    await resolveModel(spec(hub), options);
    expect(server.requests.map((request) => request.range)).toEqual(["bytes=1234-"]);
  });

  it("starts anew when what an earlier process left is not the model's beginning", async () => {
    const { server, options } = await setUpHub([{ type: "whole" }]);
    const directory = dirname(modelPath(options.cacheDirectory, expected));
    for (const [name, left] of [
      ["1@another-machine@7.partial", content.subarray(5, 10_000)],
      ["2@another-machine@7.partial", new Uint8Array(content.length + 1)],
    ] as const) {
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, name), left);
      await utimes(join(directory, name), 1, 1);
    }
    const found = await resolveModel(spec(hub), options);
    expect(await sha256OfFile(found.path)).toBe(expected);
    expect(server.requests.map((request) => request.range)).toEqual([`bytes=${content.length + 1}-`, undefined]);
    expect(await cachedNames(options)).toEqual(["model.gguf"]);
  });

  it("starts anew on a server without ranges", async () => {
    const { options } = await setUpHub([{ type: "cut", afterBytes: 100_000 }, { type: "no-ranges" }]);
    const found = await resolveModel(spec(hub), options);
    expect(await sha256OfFile(found.path)).toBe(expected);
  });

  it("refuses a server that sends another range", async () => {
    const { options } = await setUpHub([{ type: "cut", afterBytes: 100_000 }, { type: "wrong-range" }]);
    await expect(resolveModel(spec(hub), options)).rejects.toThrow("another range");
  });

  it("waits for a busy server, and for a silent one only so long", async () => {
    const answers = [{ type: "status", status: 503 }, { type: "stall", afterBytes: 5 }, { type: "whole" }] as const;
    const { server, options } = await setUpHub(answers);
    await resolveModel(spec(hub), { ...options, hub: { ...options.hub, stallTimeoutMs: 2_000 } });
    expect(server.requests.map((request) => request.range)).toEqual([undefined, undefined, "bytes=5-"]);
  });

  it("tells a missing file at once", async () => {
    const { server, options } = await setUpHub([{ type: "status", status: 404 }]);
    await expect(resolveModel(spec(hub), options)).rejects.toThrow("answered with status 404");
    expect(server.requests).toHaveLength(1);
  });

  it("refuses another content and keeps none of it", async () => {
    const { options } = await setUpHub([{ type: "whole" }], content.subarray(1));
    const error = await resolveModel(spec(hub), options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(`not ${expected}`) });
    expect(await cachedNames(options)).toEqual([]);
  });

  it("tries the next source when one fails", async () => {
    const { server, options } = await setUpHub([{ type: "status", status: 404 }, { type: "whole" }]);
    const found = await resolveModel(spec({ ...hub, file: "old.gguf" }, { ...hub, revision: "refs/pr/1" }), options);
    expect(found.source).toBe("hub");
    expect(server.requests.map((request) => request.url)).toEqual([
      "/owner/repo/resolve/main/old.gguf",
      "/owner/repo/resolve/refs%2Fpr%2F1/model.gguf",
    ]);
  });

  it("shows the token to the hub, and not to where it redirects", async () => {
    const storage = await startHubServer(content, [{ type: "whole" }]);
    // Another port is another origin.
    const { server, options } = await setUpHub([{ type: "redirect", to: `${storage.baseUrl}/blob` }]);
    await resolveModel(spec(hub), { ...options, hub: { ...options.hub, token: "secret" } });
    expect(server.requests[0]?.authorization).toBe("Bearer secret");
    expect(storage.requests).toEqual([{ url: "/blob", range: undefined, authorization: undefined }]);
  });

  it("replaces a damaged file in the cache", async () => {
    const { options } = await setUpHub([{ type: "whole" }]);
    const { path } = await resolveModel(spec(hub), options);
    await writeFile(path, content.subarray(0, 100));
    await expect(resolveModel(spec(hub), { ...options, offline: true })).rejects.toThrow("the file is damaged");
    expect((await resolveModel(spec(hub), options)).source).toBe("hub");
    expect(await sha256OfFile(path)).toBe(expected);
  });

  it("may be asked for by several at once", async () => {
    const { options } = await setUpHub([{ type: "whole" }]);
    const found = await Promise.all(Array.from({ length: 4 }, async () => resolveModel(spec(hub), options)));
    expect(new Set(found.map((each) => each.sha256))).toEqual(new Set([expected]));
    expect(await cachedNames(options)).toEqual(["model.gguf"]);
  });

  it("stops when it is aborted, and lets the next one go on", async () => {
    const { server, options } = await setUpHub([{ type: "stall", afterBytes: 50_000 }, { type: "whole" }]);
    const controller = new AbortController();
    const onProgress = ({ doneBytes }: ModelProgress): void => {
      if (doneBytes === 50_000) controller.abort();
    };
    const aborted = resolveModel(spec(hub), { ...options, onProgress, signal: controller.signal });
    await expect(aborted).rejects.toMatchObject({ code: "interrupted" });
    await resolveModel(spec(hub), options);
    expect(server.requests[1]?.range).toBe("bytes=50000-");
  });
});

describe("modelSpecSchema", () => {
  it.each([
    ["a fetched model without a hash", { sha256: null, sources: [hub] }],
    ["no sources", { sha256: expected, sources: [] }],
    [
      "an option in place of a package",
      { sha256: expected, sources: [{ type: "package", packages: ["--pre"], partPattern: "x" }] },
    ],
    [
      "a package without a version",
      { sha256: expected, sources: [{ type: "package", packages: ["a"], partPattern: "x" }] },
    ],
    [
      "a pattern that is none",
      { sha256: expected, sources: [{ type: "package", packages: ["a==1"], partPattern: "(" }] },
    ],
    [
      "a licence file outside of the cache",
      {
        sha256: expected,
        sources: [{ type: "package", packages: ["a==1"], partPattern: "x", licenceFiles: ["../x"] }],
      },
    ],
    ["a repository that leaves the hub's path", { sha256: expected, sources: [{ ...hub, repository: "a/b/c" }] }],
    ["an unknown key", { sha256: expected, sources: [{ ...hub, quant: "Q4" }] }],
  ])("refuses %s", (_, value) => {
    expect(modelSpecSchema.safeParse(value).success).toBe(false);
  });
});
