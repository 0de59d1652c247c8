import { createHash, timingSafeEqual } from "node:crypto";
import { LitmusError } from "@litmus/core";
import type { MiddlewareHandler } from "hono";
import { errorAnswer } from "./answer.ts";

export interface Guard {
  /** The port it is served on, known once it listens. */
  readonly port: () => number;
  /** What every request must show as bearer token; null where only this machine can connect, and nothing is asked. */
  readonly token: string | null;
  /** Whether the server listens on loopback alone. */
  readonly isLocal: boolean;
}

/**
 * Answers only requests that show the token, where there is one. On loopback they must also name this server by a loopback name and
 * its port: a page whose own name was made to point here (DNS rebinding) sends that name. What changes anything must also
 * come from no other page.
 */
export function guardRequests({ port, token, isLocal }: Guard): MiddlewareHandler {
  return async (context, next) => {
    const hosts = ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${port()}`);
    if (isLocal && !hosts.includes(context.req.header("host") ?? ""))
      return refuse("this server answers only to its loopback address");
    if (token !== null && !isBearer(context.req.header("authorization"), token))
      return errorAnswer(new LitmusError("invalid-input", "the request shows no valid token"), 401);
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    const origin = context.req.header("origin");
    const site = context.req.header("sec-fetch-site");
    const isForeignOrigin = origin !== undefined && !hosts.some((host) => origin === `http://${host}`);
    const isForeignSite = site !== undefined && site !== "same-origin" && site !== "none";
    if (isForeignOrigin || isForeignSite) return refuse("this server takes no requests from other pages");
    return next();
  };
}

/** Compares hashes, so that the time it takes tells nothing of the token. */
function isBearer(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}

const refuse = (message: string): Response => errorAnswer(new LitmusError("invalid-input", message), 403);
