import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { FakeTinkerServer } from "./fake-server.ts";

export interface ServedFake extends AsyncDisposable {
  readonly url: string;
}

/** A fake server behind a port of this machine; its faults break real connections. */
export async function serveFake(fake: FakeTinkerServer): Promise<ServedFake> {
  const server = createServer((request, response) => void passOn(fake, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passOn(fake: FakeTinkerServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = request.method === "POST" ? { body: new Uint8Array(await buffer(request)) } : {};
  const init = { method: request.method ?? "GET", headers: request.headers as Record<string, string>, ...body };
  try {
    const answer = await fake.fetch(`http://test${request.url}`, init);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(new Uint8Array(await answer.arrayBuffer()));
  } catch {
    request.socket.destroy();
  }
}
