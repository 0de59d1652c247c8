import { createAdaptorServer } from "@hono/node-server";
import { LitmusError } from "@litmus/core";
import { createApp } from "./create-app.ts";
import type { AppOptions } from "./create-app.ts";
import type { Guard } from "./guard-requests.ts";

export interface ServerOptions extends Omit<AppOptions, keyof Guard> {
  /** 127.0.0.1 unless told; an address that others can reach needs a token. */
  readonly host?: string;
  /** 0, which is the default, takes a free one. */
  readonly port?: number;
  /** What every request must show as bearer token, at least 16 characters; none unless told. */
  readonly token?: string;
}

export interface RunningServer {
  /** For example `http://127.0.0.1:4000`. */
  readonly address: string;
  /** Ends open connections, those that are at work after `graceMs` (0 unless told), and resolves when the port is free. */
  close(graceMs?: number): Promise<void>;
}

const loopback = ["127.0.0.1", "localhost", "::1"];
const leastTokenLength = 16;

/**
 * Serves a store's records, searches and questions over HTTP.
 * @throws LitmusError `invalid-config` for an address that others can reach without a token, or a token that can be guessed;
 * `unavailable` when the port is taken
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, token = null, ...served } = options;
  const isLocal = loopback.includes(host);
  refuseOpen(isLocal, token);
  let bound = port;
  const app = createApp({ ...served, port: () => bound, token, isLocal });
  const server = createAdaptorServer({ fetch: app.fetch });
  bound = await listen(server, host, port);
  const name = host.includes(":") ? `[${host}]` : host;
  return { address: `http://${name}:${bound}`, close: (graceMs = 0) => close(server, graceMs) };
}

function refuseOpen(isLocal: boolean, token: string | null): void {
  if (token === null && !isLocal)
    throw new LitmusError("invalid-config", "without a token the server listens on loopback only", {
      path: "host",
      hint: "leave the host out, or give a token that every request must show",
    });
  if (token !== null && token.length < leastTokenLength)
    throw new LitmusError("invalid-config", `the token has fewer than ${leastTokenLength} characters`, {
      path: "token",
      hint: "make one that cannot be guessed, for example with: openssl rand -hex 32",
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
