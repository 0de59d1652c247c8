import { LitmusError } from "@litmus/core";

/** Where a Redis is, and with which credentials. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username: string | null;
  readonly password: string | null;
  readonly isEncrypted: boolean;
  /** For people: without user and password. */
  readonly shown: string;
}

/** @throws LitmusError `invalid-config`, which does not repeat the address: it may hold a password */
export function readRedisUrl(text: string): RedisAddress {
  const url = URL.parse(text);
  if (url === null || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "")
    throw refuse("the address of the Redis server is no redis or rediss address");
  const database = url.pathname === "" || url.pathname === "/" ? "0" : url.pathname.slice(1);
  if (!/^\d{1,4}$/.test(database)) throw refuse("the address of the Redis server names no database by its number");
  if (url.search !== "" || url.hash !== "") throw refuse("the address of the Redis server has more than a database");
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 6_379 : Number(url.port),
    database: Number(database),
    username: decoded(url.username),
    password: decoded(url.password),
    isEncrypted: url.protocol === "rediss:",
    shown: `${url.protocol}//${url.host}${database === "0" ? "" : `/${database}`}`,
  };
}

function decoded(text: string): string | null {
  if (text === "") return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse("user or password in the address of the Redis server cannot be decoded");
  }
}

const refuse = (message: string): LitmusError =>
  new LitmusError("invalid-config", message, {
    path: "url",
    hint: "For example redis://127.0.0.1:6379, or rediss://user:password@host:6380/0; special characters as %XX.",
  });
