import { resolve } from "node:path";
import { toLitmusError } from "@litmus/core";
import { isLoopback, startServer, type RunningServer, type ServerOptions } from "@litmus/server";
import type { Reporter } from "../../output/reporter.ts";
import { builtPage } from "../page/built-page.ts";
import { newToken, pageAddress } from "./page-address.ts";
import { pagePort, startOnPagePort } from "./page-port.ts";
import { readAhead } from "./read-ahead.ts";
import { openDatabase, openFolder, type OpenedRuns } from "./opened-runs.ts";

export interface PageRequest {
  /** Folder of the runs; it need not exist. */
  readonly dir: string;
  /** Environment variable with the address of a Postgres store; undefined = the folder's own. */
  readonly store?: string | undefined;
  readonly host: string;
  /** Undefined: the first free one from {@link pagePort} on. */
  readonly port?: number | undefined;
  /** What every request must show; null on loopback: only writes must show one, which is made up. */
  readonly token: string | null;
  readonly reporter: Reporter;
}

/** A page that is served. */
export interface ServedPage extends AsyncDisposable {
  /** With the token that it needs to write. */
  readonly address: string;
}

/** Requests at work when the server is asked to stop may take so long. */
const graceMs = 2_000;

/**
 * Builds the page where it is not built yet, and serves it over runs until it is disposed of. Of a folder's store it never keeps
 * another process away.
 * @throws LitmusError as {@link builtPage}, {@link startServer} and {@link startOnPagePort}
 */
export async function servePage(request: PageRequest): Promise<ServedPage> {
  const { dir, store, reporter } = request;
  const page = await builtPage(() => reporter.note("building the page, once"));
  const token = request.token ?? newToken();
  await using opened = new AsyncDisposableStack();
  let local: RunningServer | null = null;
  const openable = {
    directory: resolve(dir),
    reporter,
    server: () => (local === null ? null : { address: local.address, token }),
  };
  const runs = opened.use(store === undefined ? openFolder(openable) : await openDatabase(openable, store));
  const served = { ...servedParts(runs, reporter), page: async () => page, writeToken: token };
  // Other processes of this machine go to loopback; they must know where before the first read takes the folder.
  if (!isLoopback(request.host)) local = closedWith(opened, await startServer({ ...served, token }));
  const server = closedWith(opened, await start(request, served));
  local ??= server;
  readAhead({ address: local.address, token });
  const closing = opened.move();
  return { address: pageAddress(server.address, token), [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

function servedParts({ parts }: OpenedRuns, reporter: Reporter): ServerOptions {
  return {
    ...parts,
    onError: (cause) => reporter.note(`a request failed: ${toLitmusError(cause).message}`),
  };
}

async function start(request: PageRequest, served: ServerOptions): Promise<RunningServer> {
  const { host, port, token, reporter } = request;
  const server = await startOnPagePort(
    (tried) => startServer({ ...served, host, port: tried, ...(token === null ? {} : { token }) }),
    port,
  );
  if (port === undefined && !server.address.endsWith(`:${pagePort}`))
    reporter.note(`port ${pagePort} is taken: another one is used`);
  return server;
}

function closedWith(opened: AsyncDisposableStack, server: RunningServer): RunningServer {
  opened.defer(() => server.close(graceMs));
  return server;
}
