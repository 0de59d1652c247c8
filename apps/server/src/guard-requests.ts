import { createHash, timingSafeEqual } from "node:crypto";
import { LitmusError } from "@litmus/core";
import type { Context, MiddlewareHandler } from "hono";
import { errorAnswer } from "./answer.ts";
import { loopbackHosts, urlHost } from "./loopback.ts";

export interface Guard {
  /** The port it is served on, known once it listens. */
  readonly port: () => number;
  /** What every request but for the page's files must show as bearer token; null where reading asks for nothing. */
  readonly token: string | null;
  /** What a request that changes anything must show; null: nothing may be changed. Undefined: what reading needs. */
  readonly writeToken: string | null | undefined;
  /** Whether the server listens on loopback alone. */
  readonly isLocal: boolean;
}

/** What holds data, or does something: all but the files of the page. */
const guarded = /^\/(api|store|retrieve|health)(\/|\.|$)/;
/** What changes nothing though it is no GET. */
const searches = "/retrieve";

/**
 * Answers only requests that show the token, where there is one. On loopback they must also name this server by a loopback name and
 * its port: a page whose own name was made to point here (DNS rebinding) sends that name. What changes anything must also
 * come from no other page, and show the token for changes.
 */
export function guardRequests(guard: Guard): MiddlewareHandler {
  const { port, token, isLocal } = guard;
  return async (context, next) => {
    const hosts = loopbackHosts.map((host) => `${urlHost(host)}:${port()}`);
    if (isLocal && !hosts.includes(context.req.header("host") ?? ""))
      return refuse("this server answers only to its loopback address");
    if (token !== null && guarded.test(context.req.path) && !shows(context, token))
      return unauthorised("the request shows no valid token");
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    if (isOfAnotherPage(context, originsOf(context, isLocal ? hosts : null)))
      return refuse("this server takes no requests from other pages");
    if (context.req.path === searches || mayWrite(context, guard)) return next();
    return guard.writeToken === null
      ? refuse("nothing may be changed through this server")
      : unauthorised("only who shows the token may change anything");
  };
}

/** Whether a request shows what changing anything needs. */
export function mayWrite(context: Context, { token, writeToken }: Guard): boolean {
  if (writeToken === undefined) return token === null || shows(context, token);
  return writeToken !== null && shows(context, writeToken);
}

/** Where this server's own page comes from: elsewhere than on loopback whatever name it was asked by, also behind a proxy with TLS. */
function originsOf(context: Context, hosts: readonly string[] | null): readonly string[] {
  if (hosts !== null) return hosts.map((host) => `http://${host}`);
  const host = context.req.header("host") ?? "";
  return [`http://${host}`, `https://${host}`];
}

/** A browser says which page sends a request; what is no browser says nothing. */
function isOfAnotherPage(context: Context, origins: readonly string[]): boolean {
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  const isForeignSite = site !== undefined && site !== "same-origin" && site !== "none";
  return isForeignSite || (origin !== undefined && !origins.includes(origin));
}

/** Compares hashes, so that the time it takes tells nothing of the token. */
function shows(context: Context, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(context.req.header("authorization") ?? ""), digest(`Bearer ${token}`));
}

const refuse = (message: string): Response => errorAnswer(new LitmusError("invalid-input", message), 403);

const unauthorised = (message: string): Response =>
  errorAnswer(
    new LitmusError("invalid-input", message, {
      hint: "open the address that litmus serve or litmus train printed: the token stands in it",
    }),
    401,
  );
