import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRetrieveClient } from "@litmus/retrieval";
import { afterAll, describe, expect, it } from "vitest";
import { runLitmus, startLitmus } from "../testing/run-litmus.ts";

/** Address of a real server: `packages/testing/services/start-search-server.mjs` starts one. */
const url = process.env["LITMUS_TEST_ELASTICSEARCH"];

describe.skipIf(url === undefined)("litmus index serve --from elasticsearch (LITMUS_TEST_ELASTICSEARCH)", () => {
  const environment = { LITMUS_ELASTICSEARCH_URL: url ?? "" };
  const alias = `litmus-serve-${process.pid}`;
  let built: string | undefined;
  afterAll(async () => {
    if (built !== undefined) await fetch(new URL(built, url), { method: "DELETE" });
  });

  it("searches the index that index build made there", async () => {
    const rejected = join(await mkdtemp(join(tmpdir(), "litmus-serve-")), "rejected.jsonl");
    const words = [
      "index",
      "build",
      "datasets/litmus-mini/corpus.jsonl",
      alias,
      "--to",
      "elasticsearch",
      "--rejected",
      rejected,
    ];
    const build = await runLitmus(words, { environment });
    expect(build.exitCode, build.stderr).toBe(0);
    built = String(build.lines.at(-1)?.["index"]);
    const address = Promise.withResolvers<string>();
    const running = startLitmus(["index", "serve", alias, "--from", "elasticsearch", "--port", "0"], {
      environment,
      onLine: (line) => {
        if (line.type === "index-served") address.resolve(String(line["address"]));
      },
    });
    void running.ended.then(({ stderr }) => address.reject(new Error(stderr)));
    const client = await openRetrieveClient({ url: await address.promise });
    expect(client.info.documents).toBe(build.lines.at(-1)?.["documents"]);
    const found = await client.search(["Which gene is mutated?"], { topK: 3 });
    expect(found.ok && found.value[0]).toHaveLength(3);
    running.kill("SIGTERM");
    expect((await running.ended).exitCode).toBe(0);
  });
});
