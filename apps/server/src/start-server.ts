import { createAdaptorServer } from "@hono/node-server";
import { LitmusError, systemTiming, type Timing } from "@litmus/core";
import type { ServedParts } from "./app-options.ts";
import { createApp } from "./create-app.ts";
import { createEventReaders } from "./events/event-readers.ts";
import { isLoopback, urlHost } from "./loopback.ts";

export interface ServerOptions extends ServedParts {
  /** 127.0.0.1 unless told; an address that others can reach needs a token. */
  readonly host?: string;
  /** 0, which is the default, takes a free one. */
  readonly port?: number;
  /** What every request but for the page's files must show as bearer token, at least 16 characters; none unless told. */
  readonly token?: string;
  /**
   * What a request that changes anything must show, at least 16 characters; null: nothing may be changed. What reading needs
   * unless told, and the token itself where there is one.
   */
  readonly writeToken?: string | null;
  readonly timing?: Timing;
}

export interface RunningServer {
  /** For example `http://127.0.0.1:4000`. */
  readonly address: string;
  /**
   * Lets those who follow changes read the last of them (5 seconds at most), ends open connections, those that are at work after
   * `graceMs` (0 unless told), and resolves when the port is free.
   */
  close(graceMs?: number): Promise<void>;
}

const leastTokenLength = 16;

/**
 * Serves a store's records, searches and questions over HTTP.
 * @throws LitmusError `invalid-config` for an address that others can reach without a token, or a token that can be guessed;
 * `unavailable` when the port is taken
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, token = null, writeToken, timing = systemTiming, ...served } = options;
  const isLocal = isLoopback(host);
  refuseOpen(isLocal, token);
  refuseWeak(writeToken ?? null, "writeToken");
  refuseTwo(token, writeToken ?? null);
  let bound = port;
  const readers = createEventReaders(timing);
  const app = createApp({ ...served, port: () => bound, token, writeToken, isLocal, timing, readers });
  const server = createAdaptorServer({ fetch: app.fetch });
  bound = await listen(server, host, port);
  return {
    address: `http://${urlHost(host)}:${bound}`,
    close: async (graceMs = 0) => {
      await readers.sayGoodbye();
      await close(server, graceMs);
    },
  };
}

function refuseOpen(isLocal: boolean, token: string | null): void {
  if (token === null && !isLocal)
    throw new LitmusError("invalid-config", "without a token the server listens on loopback only", {
      path: "host",
      hint: "leave the host out, or give a token that every request must show",
    });
  refuseWeak(token, "token");
}

function refuseWeak(token: string | null, path: string): void {
  if (token !== null && token.length < leastTokenLength)
    throw new LitmusError("invalid-config", `the token has fewer than ${leastTokenLength} characters`, {
      path,
      hint: "make one that cannot be guessed, for example with: openssl rand -hex 32",
    });
}

/** A request can show one alone. */
function refuseTwo(token: string | null, writeToken: string | null): void {
  if (token !== null && writeToken !== null && token !== writeToken)
    throw new LitmusError("invalid-config", "reads and writes need two different tokens, and a request shows one", {
      path: "writeToken",
      hint: "give the same token for both",
    });
}

type HttpServer = ReturnType<typeof createAdaptorServer>;

function listen(server: HttpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new LitmusError("unavailable", `port ${port} of ${host} cannot be used: ${cause.message}`, {
          hint: "leave the port out",
          cause,
        }),
      ),
    );
    server.listen(port, host, () => {
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : port);
    });
  });
}

function close(server: HttpServer, graceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      if ("closeAllConnections" in server) server.closeAllConnections();
    };
    const timer = setTimeout(end, graceMs);
    server.close((error) => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    });
    if (graceMs === 0) end();
    else if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
}
