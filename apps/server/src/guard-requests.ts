import { LitmusError } from "@litmus/core";
import type { MiddlewareHandler } from "hono";
import { errorAnswer } from "./answer.ts";

/**
 * Answers only requests that name this server by a loopback name and its port: a page whose own name was made to point here
 * (DNS rebinding) sends that name. What changes anything must also come from no other page.
 */
export function guardRequests(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const hosts = ["127.0.0.1", "localhost", "[::1]"].map((host) => `${host}:${port()}`);
    if (!hosts.includes(context.req.header("host") ?? ""))
      return refuse("this server answers only to its loopback address");
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    const origin = context.req.header("origin");
    const site = context.req.header("sec-fetch-site");
    const isForeignOrigin = origin !== undefined && !hosts.some((host) => origin === `http://${host}`);
    const isForeignSite = site !== undefined && site !== "same-origin" && site !== "none";
    if (isForeignOrigin || isForeignSite) return refuse("this server takes no requests from other pages");
    return next();
  };
}

const refuse = (message: string): Response => errorAnswer(new LitmusError("invalid-input", message), 403);
