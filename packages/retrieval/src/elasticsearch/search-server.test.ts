import { describe, expect, it } from "vitest";
import { connectSearchServer, scoreFactor } from "./search-server.ts";
import { startFakeElasticsearch } from "./testing/fake-elasticsearch.ts";

describe("connecting", () => {
  it("tells flavors and versions apart", async () => {
    const open = await startFakeElasticsearch("opensearch", "3.1.0");
    const old = await startFakeElasticsearch("elasticsearch", "7.17.0");
    const elasticsearch = { flavor: "elasticsearch" } as const;
    await expect(connectSearchServer({ url: open.url, ...elasticsearch })).rejects.toMatchObject({
      code: "incompatible",
    });
    await expect(connectSearchServer({ url: old.url, ...elasticsearch })).rejects.toThrow("it is elasticsearch 7.17.0");
    const server = await connectSearchServer({ url: open.url, flavor: "opensearch" });
    expect(server.version).toBe("3.1.0");
    await Promise.all([server.client.close(), open.close(), old.close()]);
  });

  it("sends the API key, and plain media types that every version takes", async () => {
    const fake = await startFakeElasticsearch();
    const server = await connectSearchServer({ url: fake.url, flavor: "elasticsearch", auth: { apiKey: "a-key" } });
    await server.client.close();
    const { headers } = fake.requests[0]!;
    expect(headers).toMatchObject({ authorization: "ApiKey a-key", accept: "application/json,text/plain" });
    expect(headers["x-elastic-client-meta"]).toBeUndefined();
    await fake.close();
  });

  it("names a server that does not answer", async () => {
    const fake = await startFakeElasticsearch();
    await fake.close();
    const connecting = connectSearchServer({ url: fake.url, flavor: "elasticsearch" });
    await expect(connecting).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });
});

describe("the server's factor", () => {
  it.each([
    ["elasticsearch", "8.19.0", 1.9],
    ["elasticsearch", "9.5.3", 1.9],
    ["opensearch", "2.19.1", 1.9],
    ["opensearch", "3.1.0", 1],
  ] as const)("of %s %s", (flavor, version, expected) => {
    expect(scoreFactor({ flavor, version }, 0.9)).toBeCloseTo(expected, 12);
  });
});
