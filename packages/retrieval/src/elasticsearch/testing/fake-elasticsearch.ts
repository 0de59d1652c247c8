import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerFlavor } from "../search-server.ts";
import { type FakeAnswer, FakeCluster } from "./fake-cluster.ts";

/** What one request meets instead of its answer. */
export type Fault =
  | { readonly type: "status"; readonly status: number }
  /** The connection ends without an answer. */
  | { readonly type: "drop" }
  /** No answer ever comes. */
  | { readonly type: "hang" }
  | { readonly type: "body"; readonly body: unknown }
  /** These items of a bulk or multi-search answer are errors. */
  | { readonly type: "items"; readonly status: number; readonly places: readonly number[] };

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** One value a line. */
  readonly lines: readonly Record<string, unknown>[];
}

export interface FakeElasticsearch {
  readonly url: string;
  readonly cluster: FakeCluster;
  readonly requests: readonly FakeRequest[];
  /** The next requests whose path ends so meet these faults, one each. */
  fail(pathEnd: string, ...faults: readonly Fault[]): void;
  /** Forgets the faults that no request has met. */
  recover(): void;
  /** Resolves when so many requests with this end of their path have come in. */
  received(pathEnd: string, count: number): Promise<void>;
  close(): Promise<void>;
}

/** A server that speaks what this package needs of Elasticsearch or OpenSearch, on a free port of this machine. */
export async function startFakeElasticsearch(
  flavor: ServerFlavor = "elasticsearch",
  version = flavor === "elasticsearch" ? "9.4.0" : "2.19.1",
): Promise<FakeElasticsearch> {
  const cluster = new FakeCluster();
  const requests: FakeRequest[] = [];
  const faults: { pathEnd: string; fault: Fault }[] = [];
  const listeners = new Set<() => void>();
  const server = createServer((incoming, response) => void handle(incoming, response));

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    requests.push(request);
    for (const listener of listeners) listener();
    const place = faults.findIndex(({ pathEnd }) => request.path.endsWith(pathEnd));
    const fault = place < 0 ? undefined : faults.splice(place, 1)[0]?.fault;
    if (fault?.type === "hang") return;
    if (fault?.type === "drop") return void incoming.socket.destroy();
    const { status, body } = answerTo(cluster, request, { flavor, version }, fault);
    response.writeHead(status, {
      "content-type": "application/json",
      ...(flavor === "elasticsearch" ? { "x-elastic-product": "Elasticsearch" } : {}),
    });
    response.end(request.method === "HEAD" ? undefined : JSON.stringify(body));
  }

  const countOf = (pathEnd: string): number => requests.filter(({ path }) => path.endsWith(pathEnd)).length;
  const received = async (pathEnd: string, count: number): Promise<void> => {
    while (countOf(pathEnd) < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      listeners.add(resolve);
      await promise;
      listeners.delete(resolve);
    }
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cluster,
    requests,
    received,
    recover: () => void faults.splice(0),
    fail: (pathEnd, ...added) => void faults.push(...added.map((fault) => ({ pathEnd, fault }))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const texts = Buffer.concat(chunks).toString().split("\n");
  return {
    method: incoming.method ?? "",
    path: decodeURIComponent(incoming.url?.split("?", 1)[0] ?? ""),
    headers: incoming.headers,
    lines: texts.filter((text) => text !== "").map((text) => JSON.parse(text) as Record<string, unknown>),
  };
}

interface Identity {
  readonly flavor: ServerFlavor;
  readonly version: string;
}

function answerTo(
  cluster: FakeCluster,
  request: FakeRequest,
  identity: Identity,
  fault: Exclude<Fault, { type: "hang" | "drop" }> | undefined,
): FakeAnswer {
  if (fault?.type === "body") return { status: 200, body: fault.body };
  if (fault?.type === "status")
    return {
      status: fault.status,
      body: { error: { type: "injected", reason: "told to fail" }, status: fault.status },
    };
  const answer = route(cluster, request, identity);
  return fault === undefined ? answer : withItemErrors(answer, fault);
}

function withItemErrors({ status, body }: FakeAnswer, fault: Extract<Fault, { type: "items" }>): FakeAnswer {
  const { items, responses } = body as { items?: unknown[]; responses?: unknown[] };
  const error = { status: fault.status, error: { type: "injected", reason: "told to fail" } };
  for (const place of fault.places) {
    if (items !== undefined) items[place] = { index: error };
    if (responses !== undefined) responses[place] = error;
  }
  return { status, body };
}

function route(cluster: FakeCluster, { method, path, lines }: FakeRequest, { flavor, version }: Identity): FakeAnswer {
  const [first = "", second = "", third = ""] = path.slice(1).split("/");
  const [body = {}] = lines;
  const distribution = flavor === "opensearch" ? { distribution: flavor } : {};
  if (path === "/") return { status: 200, body: { version: { number: version, ...distribution } } };
  if (first === "_aliases") return cluster.updateAliases(body["actions"] as never);
  if (first === "_alias") return cluster.aliasesNamed(second);
  if (second === "" && method === "PUT") return cluster.create(first, body);
  if (second === "" && method === "DELETE") return cluster.delete(first);
  // The client asks with GET or POST as it sees fit; only these two mean different things.
  switch (method === "PUT" ? `PUT ${second}` : second) {
    case "_mapping":
      return cluster.mapping(first);
    case "PUT _mapping":
      return cluster.putMapping(first, body);
    case "PUT _settings":
      return cluster.putSettings(first, body);
    case "_alias":
      return cluster.aliasesOf(first);
    case "_bulk":
    case "PUT _bulk":
      return { status: 200, body: { items: cluster.bulk(first, lines) } };
    case "_refresh":
    case "_flush":
    case "_forcemerge":
      return { status: 200, body: { _shards: { failed: 0 } } };
    case "_count":
      return cluster.count(first);
    case "_doc":
      return cluster.document(first, third);
    case "_msearch": {
      const searches = lines.filter((_, place) => place % 2 === 1);
      return { status: 200, body: { responses: searches.map((search) => cluster.search(first, search as never)) } };
    }
    default:
      return {
        status: 501,
        body: { error: { type: "unknown_to_the_fake", reason: `${method} ${path}` }, status: 501 },
      };
  }
}
