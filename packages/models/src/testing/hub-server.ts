import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** How a server answers one request for its file. */
export type HubAnswer =
  | { readonly type: "whole" }
  /** Sends this many bytes of what was asked for, and cuts the connection once the client says that it has them. */
  | { readonly type: "cut"; readonly afterBytes: number }
  /** Sends this many bytes, then nothing more. */
  | { readonly type: "stall"; readonly afterBytes: number }
  | { readonly type: "status"; readonly status: number }
  /** Sends all from the start, whatever range was asked for. */
  | { readonly type: "no-ranges" }
  | { readonly type: "redirect"; readonly to: string }
  /** Claims to go on at another byte than it was asked to. */
  | { readonly type: "wrong-range" };

export interface HubRequest {
  readonly url: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface HubServer {
  readonly baseUrl: string;
  readonly requests: readonly HubRequest[];
  /** The client has this many bytes of the file. A cut discards what is still on its way, so it waits for this. */
  readonly received: (bytes: number) => void;
}

/** Serves one file over HTTP on this machine until the test ends; answers come from the list, the last one repeats. */
export async function startHubServer(content: Uint8Array, answers: readonly HubAnswer[]): Promise<HubServer> {
  const requests: HubRequest[] = [];
  const receipts = new EventEmitter();
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? { type: "whole" };
    const { range, authorization } = request.headers;
    requests.push({ url: request.url ?? "", range, authorization });
    respond({ request, response, content, receipts }, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    received: (bytes) => void receipts.emit("receipt", bytes),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly content: Uint8Array;
  readonly receipts: EventEmitter;
}

function respond({ request, response, content, receipts }: Exchange, answer: HubAnswer): void {
  if (answer.type === "status") {
    response.writeHead(answer.status).end();
    return;
  }
  if (answer.type === "redirect") {
    response.writeHead(302, { location: answer.to }).end();
    return;
  }
  const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const start = answer.type === "no-ranges" ? 0 : asked;
  if (start >= content.length) {
    response.writeHead(416).end();
    return;
  }
  const rest = content.subarray(start);
  const from = answer.type === "wrong-range" ? start + 1 : start;
  response.writeHead(start > 0 ? 206 : 200, {
    "content-length": rest.length,
    ...(start > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  if (answer.type !== "cut" && answer.type !== "stall") {
    response.end(rest);
    return;
  }
  response.write(rest.subarray(0, answer.afterBytes));
  if (answer.type === "stall") return;
  receipts.on("receipt", (bytes: number) => {
    if (bytes >= start + answer.afterBytes) response.destroy();
  });
}
