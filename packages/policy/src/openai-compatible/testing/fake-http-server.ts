import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status: number;
  /** JSON; a string is sent as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens to one request instead of its answer. */
export type Fault =
  | ({ readonly type: "answer" } & FakeAnswer)
  | { readonly type: "drop" }
  /** No answer, ever. */
  | { readonly type: "hang" };

/** A server on a free port of the loopback address: notes what it is asked, and misbehaves as it is told. */
export class FakeHttpServer {
  baseUrl = "";
  readonly requests: SeenRequest[] = [];
  /** One for each of the next requests. */
  readonly faults: Fault[] = [];
  /** Changes the body of every 200; the identity by default. */
  rewrite: (path: string, body: unknown) => unknown = (_path, body) => body;
  /** Called when a request has come in, before it is answered. */
  onRequest: (request: SeenRequest) => void = () => {};
  readonly #server: Server;
  readonly #answer: (request: SeenRequest) => FakeAnswer;

  private constructor(answer: (request: SeenRequest) => FakeAnswer) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async listen(answer: (request: SeenRequest) => FakeAnswer): Promise<FakeHttpServer> {
    const fake = new FakeHttpServer(answer);
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    fake.baseUrl = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    return fake;
  }

  /** Requests of one path. */
  to(path: string): readonly SeenRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await text(request);
    const body: unknown = content === "" ? null : JSON.parse(content);
    const seen = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    this.requests.push(seen);
    this.onRequest(seen);
    const fault = this.faults.shift();
    if (fault?.type === "hang") return;
    if (fault?.type === "drop") return void request.socket.destroy();
    const answer = fault ?? this.#answer(seen);
    const sent = answer.status === 200 && fault === undefined ? this.rewrite(seen.path, answer.body) : answer.body;
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(typeof sent === "string" ? sent : JSON.stringify(sent));
  }
}
