import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { openEventStream } from "./open-event-stream.ts";

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return new Promise((resolve) => {
    server = createServer(answer).listen(0, "127.0.0.1", () => {
      const address = server?.address();
      if (typeof address === "object" && address !== null) resolve(`http://127.0.0.1:${address.port}/api/events`);
    });
  });
}

/** Opens the stream and notes what it tells, until it ends. */
async function listen(url: string, token: string | null, until?: (log: string[]) => boolean): Promise<string[]> {
  const log: string[] = [];
  const end = new AbortController();
  const note = (word: string): void => {
    if (word !== "bytes" || log.at(-1) !== "bytes") log.push(word);
    if (until?.(log) === true) end.abort();
  };
  const handlers = {
    onOpen: () => note("open"),
    onChange: (runIds: readonly string[]) => note(runIds.join("+")),
    onClosing: () => note("closing"),
    onActivity: () => note("bytes"),
  };
  await openEventStream(url, token, handlers, end.signal);
  return log;
}

const eventStream = { "content-type": "text/event-stream" };

describe("openEventStream", () => {
  it("shows the token, tells of changes and of heartbeats, and ends with the server's stream", async () => {
    let shown: string | undefined;
    const url = await serve((request, response) => {
      shown = request.headers.authorization;
      response.writeHead(200, eventStream);
      response.write(": heartbeat\n\n");
      response.write('event: change\ndata: {"runs":[{"id":"run-a","revision":3},{"id":"run-b","revision":1}]}\n\n');
      response.end("event: closing\ndata: {}\n\n");
    });
    const log = await listen(url, "secret");
    expect(shown).toBe("Bearer secret");
    expect(log.filter((word) => word !== "bytes")).toEqual(["open", "run-a+run-b", "closing"]);
    expect(log).toContain("bytes");
  });

  it("ends when it is refused, and asks no second time by itself", async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests += 1;
      response.writeHead(401).end();
    });
    expect(await listen(url, null)).not.toContain("open");
    expect(requests).toBe(1);
  });

  it("ends at a message of another form", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, eventStream);
      response.write('event: change\ndata: {"changed":["run-a"]}\n\n');
    });
    expect((await listen(url, null)).filter((word) => word !== "bytes")).toEqual(["open"]);
  });

  it("closes the connection on abort", async () => {
    const closed = new Promise<void>((resolve) => {
      void serve((request, response) => {
        request.on("close", () => resolve());
        response.writeHead(200, eventStream).write(": heartbeat\n\n");
      }).then((url) => listen(url, null, (log) => log.includes("open")));
    });
    await expect(closed).resolves.toBeUndefined();
  });
});
