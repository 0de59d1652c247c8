import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SearchHit } from "@litmus/core";
import { openRetrieveClient } from "@litmus/retrieval";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus, startLitmus, type OutputLine, type Running } from "../testing/run-litmus.ts";

const query = "Which gene is mutated?";
const token = "a token that nobody guesses";
const environment = { LITMUS_RETRIEVE_TOKEN: token };
let folder: string;
let index: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-index-serve-"));
  index = join(folder, "mini");
  const { exitCode, stderr } = await runLitmus(["index", "build", "datasets/litmus-mini/corpus.jsonl", index]);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Served {
  readonly address: string;
  readonly running: Running;
}

/** `litmus index serve`, once it says where. */
function serve(...flags: string[]): Promise<Served> {
  return new Promise((resolve, reject) => {
    const words = ["index", "serve", index, "--port", "0", ...flags];
    const onLine = (line: OutputLine, running: Running): void => {
      if (line.type === "index-served") resolve({ address: String(line["address"]), running });
    };
    const running = startLitmus(words, { environment, onLine });
    void running.ended.then(({ stderr, lines }) => reject(new Error(`${stderr} ${JSON.stringify(lines)}`)));
  });
}

it("litmus index build --if-missing leaves an index as it is, which it refuses to build over otherwise", async () => {
  const words = ["index", "build", "datasets/litmus-mini/corpus.jsonl", index];
  expect((await runLitmus(words)).exitCode).not.toBe(0);
  const { exitCode, lines } = await runLitmus([...words, "--if-missing"]);
  expect(exitCode).toBe(0);
  expect(lines.at(-1)).toMatchObject({ type: "index-found", target: index });
});

describe("litmus index serve", () => {
  it("finds what the index finds, and ends with 0 when it is asked to", async () => {
    const { address, running } = await serve();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const client = await openRetrieveClient({ url: address });
    const served = await client.search([query], { topK: 3 });
    const { lines } = await runLitmus(["index", "search", index, query, "--top", "3"]);
    const searched = lines[0]?.["hits"] as SearchHit[];
    expect(searched).toHaveLength(3);
    expect(served).toMatchObject({ ok: true, value: [searched.map(({ recordId, score }) => ({ recordId, score }))] });
    running.kill("SIGTERM");
    expect((await running.ended).exitCode).toBe(0);
    await expect(fetch(`${address}/health`)).rejects.toThrow("fetch failed");
  });

  it("on an address that others can reach answers only those who show the token", async () => {
    const { address, running } = await serve("--host", "0.0.0.0", "--token-variable", "LITMUS_RETRIEVE_TOKEN");
    const url = address.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${url}/health`)).status).toBe(401);
    const body = JSON.stringify({ queries: [query] });
    const headers = { "content-type": "application/json", authorization: "Bearer another" };
    expect((await fetch(`${url}/retrieve`, { method: "POST", body, headers })).status).toBe(401);
    const client = await openRetrieveClient({ url, token });
    expect(await client.search([query], { topK: 3 })).toMatchObject({ ok: true });
    running.kill("SIGTERM");
    expect((await running.ended).exitCode).toBe(0);
  });

  it.each([
    ["an open address without a token", ["--host", "0.0.0.0"], {}, "listens on loopback only"],
    [
      "a token that is not set",
      ["--token-variable", "LITMUS_RETRIEVE_TOKEN"],
      { LITMUS_RETRIEVE_TOKEN: "" },
      "not set",
    ],
    [
      "a token that can be guessed",
      ["--token-variable", "LITMUS_RETRIEVE_TOKEN"],
      { LITMUS_RETRIEVE_TOKEN: "secret" },
      "fewer than 16 characters",
    ],
  ])("refuses %s", async (_, flags, changed, message) => {
    const { exitCode, lines } = await runLitmus(["index", "serve", index, ...flags], { environment: changed });
    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toMatchObject({ type: "error", message: expect.stringContaining(message) });
  });
});
