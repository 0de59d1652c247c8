import { LitmusError } from "@litmus/core";

/** Where a server and a database are. */
export interface PostgresUrl {
  /** As it was given: it may hold a password. */
  readonly secret: string;
  /** Without password and parameters: for messages. */
  readonly shown: string;
  readonly database: string;
}

/**
 * Reads the address of a database.
 * @throws LitmusError `invalid-config` when it is none; the message does not repeat it, for it may hold a password
 */
export function readPostgresUrl(text: string): PostgresUrl {
  const url = URL.parse(text);
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol) || url.hostname === "")
    throw refuse("the address of the store is no Postgres address");
  const database = decoded(url.pathname.slice(1));
  if (database === "" || database.includes("/"))
    throw refuse(`the address of the store at ${url.host} names no database`);
  const user = url.username === "" ? "" : `${url.username}@`;
  return { secret: text, shown: `${url.protocol}//${user}${url.host}${url.pathname}`, database };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse("the address of the store is not well encoded");
  }
}

const refuse = (message: string): LitmusError =>
  new LitmusError("invalid-config", message, {
    hint: "write it as postgres://user:password@host:5432/database, with special characters in percent form",
  });
