import { LitmusError } from "@litmus/core";
import type { MiddlewareHandler } from "hono";
import { errorAnswer } from "./answer.ts";

/** Takes only requests that say they are JSON: a page of another origin cannot send those unasked. */
export const requireJson: MiddlewareHandler = async (context, next) => {
  if (/^application\/json(;|$)/i.test(context.req.header("content-type") ?? "")) return next();
  return errorAnswer(new LitmusError("invalid-input", "send application/json"), 415);
};
