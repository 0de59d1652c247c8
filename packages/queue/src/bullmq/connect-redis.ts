import { LitmusError } from "@litmus/core";
import { Redis } from "ioredis";
import { redisUnavailable, throughOutage } from "./redis-outage.ts";
import { readRedisUrl, type RedisAddress } from "./redis-url.ts";

/** Connections to one Redis, all with the same credentials. */
export interface RedisConnections {
  /** The server's address without credentials. */
  readonly shown: string;
  /** For calls of this package: each fails at once, or soon, when the server is out. */
  readonly commands: Redis;
  /** For BullMQ's own loops: calls wait for the server. The caller disconnects it. */
  open(): Redis;
  close(): void;
}

const oldest = [6, 2] as const;

/**
 * Connects, and checks that the server can be relied on.
 * @throws LitmusError `unavailable` after `outageMs`, `invalid-config` for refused credentials or a server that may evict keys,
 * `incompatible` for an old one
 */
export async function connectRedis(url: string, outageMs: number): Promise<RedisConnections> {
  const address = readRedisUrl(url);
  const options = connectionOptions(address);
  const commands = new Redis({
    ...options,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    commandTimeout: Math.min(5_000, outageMs),
  }).on("error", ignored);
  try {
    await untilReady(commands, address.shown, outageMs);
    const info = await throughOutage(() => commands.info(), { shown: address.shown, outageMs });
    checkServer(info, address.shown);
  } catch (error) {
    commands.disconnect();
    throw error;
  }
  const open = (): Redis => new Redis({ ...options, maxRetriesPerRequest: null }).on("error", ignored);
  return { shown: address.shown, commands, open, close: () => commands.disconnect() };
}

/** The client's events of errors repeat what the calls say; without a listener it prints them. */
const ignored = (): void => undefined;

function connectionOptions(address: RedisAddress) {
  const { host, port, database, username, password, isEncrypted } = address;
  return {
    host,
    port,
    db: database,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(isEncrypted ? { tls: {} } : {}),
    // Never undefined: how long an outage may last is decided by the callers.
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 10), 1_000) + Math.random() * 100,
    // The server became a replica: another one is the master now.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  };
}

async function untilReady(redis: Redis, shown: string, outageMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let last: unknown = new Error("no connection");
  const onError = (error: Error): void => {
    last = error;
    if (/^(NOAUTH|WRONGPASS|NOPERM|ERR .*(AUTH|DB index))/i.test(error.message)) reject(refusedLogin(shown, error));
  };
  const timer = setTimeout(() => reject(redisUnavailable(shown, last, outageMs)), outageMs);
  redis.on("error", onError).once("ready", resolve);
  await promise.finally(() => {
    clearTimeout(timer);
    redis.off("ready", resolve).off("error", onError);
  });
}

function refusedLogin(shown: string, error: Error): LitmusError {
  return new LitmusError("invalid-config", `Redis at ${shown} refused the connection: ${error.message}`, {
    path: "url",
    hint: "Check user, password and database in the address.",
  });
}

/** A server that evicts keys could take a list and leave its jobs: a loss that nothing notices. */
function checkServer(info: string, shown: string): void {
  const [, version = ""] = /^redis_version:(\S+)/m.exec(info) ?? [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (version !== "" && (major < oldest[0] || (major === oldest[0] && minor < oldest[1])))
    throw new LitmusError("incompatible", `Redis at ${shown} has version ${version}`, {
      hint: `Use Redis ${oldest.join(".")} or later, or Valkey.`,
    });
  const [, policy = "noeviction"] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy !== "noeviction")
    throw new LitmusError("invalid-config", `Redis at ${shown} may evict keys: its maxmemory-policy is ${policy}`, {
      path: "url",
      hint: "CONFIG SET maxmemory-policy noeviction, and the same in its configuration.",
    });
}
