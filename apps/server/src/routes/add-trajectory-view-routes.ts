import { routes, tokensQuery } from "@litmus/api";
import type { Hono } from "hono";
import type { SpellTokens } from "../app-options.ts";
import { readTrajectoryId } from "../request-schemas.ts";
import { tokensView } from "../views/trajectory/tokens-view.ts";
import { trajectoryView } from "../views/trajectory/trajectory-view.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { readQuery } from "./read-query.ts";
import { changingAnswer } from "./view-answer.ts";

/** One trajectory, and its tokens. Whether they can be spelled is not for stored rows to say. */
export function addTrajectoryViewRoutes(app: Hono, reads: LiveReads, spellTokens: SpellTokens | undefined): void {
  app.get(routes.trajectory, async (context) => {
    const id = readTrajectoryId(context.req.param("trajectoryId"));
    return changingAnswer(context, await trajectoryView(reads, id, spellTokens));
  });
  app.get(routes.tokens, async (context) => {
    const query = readQuery(tokensQuery, context);
    const id = readTrajectoryId(context.req.param("trajectoryId"));
    return changingAnswer(
      context,
      await tokensView(reads, id, { query, ...(spellTokens === undefined ? {} : { spellTokens }) }),
    );
  });
}
