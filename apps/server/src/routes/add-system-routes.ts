import { notice, routes, type Session } from "@litmus/api";
import type { Hono } from "hono";
import { mayWrite, type Guard } from "../guard-requests.ts";
import { version } from "../server-version.ts";
import { systemView, type ServerFacts } from "../views/system/system-view.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { changingAnswer } from "./view-answer.ts";

export interface SessionOptions {
  readonly guard: Guard;
  readonly canAsk: boolean;
}

/** Who may do what here. */
export function addSessionRoute(app: Hono, { guard, canAsk }: SessionOptions): void {
  app.get(routes.session, (context) => {
    const session: Session = {
      version,
      needsToken: guard.token !== null,
      mayWrite: mayWrite(context, guard),
      canAsk,
      notice,
    };
    return changingAnswer(context, session);
  });
}

/** The server, its store and its queue. */
export function addSystemRoute(app: Hono, reads: LiveReads, facts: ServerFacts): void {
  app.get(routes.system, async (context) => changingAnswer(context, await systemView(reads, facts)));
}
