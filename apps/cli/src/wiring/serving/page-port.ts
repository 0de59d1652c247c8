import { LitmusError, toLitmusError } from "@litmus/core";
import type { RunningServer } from "@litmus/server";

/** Where the page is looked for first. */
export const pagePort = 4780;
/** Ports that are tried, one after the other, before any free one is taken. */
const triedPorts = 20;

type Start = (port: number) => Promise<RunningServer>;

/**
 * Starts a server on the port that was named, or on the first free one from {@link pagePort} on.
 * @throws LitmusError `unavailable` when the named one is taken, and as the start does
 */
export async function startOnPagePort(start: Start, named?: number): Promise<RunningServer> {
  if (named !== undefined) return start(named).catch((cause: unknown) => Promise.reject(withHint(cause, named)));
  for (let port = pagePort; port < pagePort + triedPorts; port++) {
    const server = await start(port).catch((cause: unknown) => {
      if (isTaken(cause)) return null;
      throw cause;
    });
    if (server !== null) return server;
  }
  return start(0);
}

function isTaken(cause: unknown): boolean {
  const system = toLitmusError(cause).cause;
  return system instanceof Error && "code" in system && system.code === "EADDRINUSE";
}

function withHint(cause: unknown, port: number): unknown {
  if (!isTaken(cause)) return cause;
  return new LitmusError("unavailable", `port ${port} is taken by another program`, {
    path: "--port",
    hint: "leave --port out, and a free one is taken; or stop what listens there",
    cause,
  });
}
