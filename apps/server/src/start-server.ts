import { createAdaptorServer } from "@hono/node-server";
import { LitmusError } from "@litmus/core";
import { createApp } from "./create-app.ts";
import type { AppOptions } from "./create-app.ts";

export interface ServerOptions extends Omit<AppOptions, "port"> {
  /** A loopback address; 127.0.0.1 unless told. There is no authentication, so nothing else is taken. */
  readonly host?: "127.0.0.1" | "localhost" | "::1";
  /** 0, which is the default, takes a free one. */
  readonly port?: number;
}

export interface RunningServer {
  /** For example `http://127.0.0.1:4000`. */
  readonly address: string;
  /** Ends open connections, and resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Serves a store's records, searches and questions over HTTP on this machine.
 * @throws LitmusError `invalid-config` for an address that others can reach, `unavailable` when the port is taken
 */
export async function startServer({ host = "127.0.0.1", port = 0, ...options }: ServerOptions): Promise<RunningServer> {
  if (!["127.0.0.1", "localhost", "::1"].includes(host)) {
    throw new LitmusError("invalid-config", "the server has no authentication and listens on loopback only", {
      hint: "leave the host out",
    });
  }
  let served = port;
  const server = createAdaptorServer({ fetch: createApp({ ...options, port: () => served }).fetch });
  served = await listen(server, host, port);
  return { address: `http://${host === "::1" ? "[::1]" : host}:${served}`, close: () => close(server) };
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

function close(server: HttpServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}
