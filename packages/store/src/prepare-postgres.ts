import { LitmusError } from "@litmus/core";
import pg from "pg";
import { migrate } from "./migrate.ts";
import { connectionConfig, prepareSession } from "./postgres-connections.ts";
import type { ConnectionOptions } from "./postgres-connections.ts";
import type { PostgresUrl } from "./postgres-url.ts";

/** What a server says about itself. */
export interface ServerFacts {
  /** For example 150004. */
  readonly version: number;
  readonly encoding: string;
}

const oldestMajor = 15;

/**
 * Checks a server and brings its database to this version's tables, on a connection without a limit of time: migrating may take long.
 * @throws LitmusError `incompatible`; what the driver throws when the server cannot be reached
 */
export async function preparePostgres(options: Pick<ConnectionOptions, "url" | "connectTimeoutMs">): Promise<void> {
  const client = new pg.Client(connectionConfig(options));
  // A connection that breaks rejects the call under way; without a listener it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await prepareSession(client, 0);
    assertUsable(await factsOf(client), options.url);
    await migrate({
      exec: (statements) => client.query(statements),
      query: (statement, values) => client.query(statement, values),
    });
  } finally {
    await client.end();
  }
}

async function factsOf(client: pg.Client): Promise<ServerFacts> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    "SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
  );
  return { version: Number(rows[0]?.version), encoding: rows[0]?.encoding ?? "" };
}

/** @throws LitmusError `incompatible` when the server is too old, or its database cannot hold every text */
export function assertUsable({ version, encoding }: ServerFacts, { shown, database }: PostgresUrl): void {
  const major = Math.floor(version / 10_000);
  if (!(major >= oldestMajor))
    throw new LitmusError("incompatible", `${shown} is Postgres ${major}; the store needs ${oldestMajor} or later`, {
      hint: "name a newer server",
    });
  if (encoding !== "UTF8")
    throw new LitmusError("incompatible", `${shown} has the encoding ${encoding}, which cannot hold every text`, {
      hint: `make a database in UTF8: createdb --encoding UTF8 --template template0 ${database}`,
    });
}
