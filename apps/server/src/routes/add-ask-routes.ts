import { askRequestSchema, notice, routes, type AskEvent, type AskOptions, type AskRequest } from "@litmus/api";
import { LitmusError, type Timing } from "@litmus/core";
import type { Hono } from "hono";
import { answer, thrownError } from "../answer.ts";
import type { AskService } from "../app-options.ts";
import { eventStreamAnswer } from "../events/event-stream.ts";
import { limitBody, readBody } from "../read-body.ts";
import { requireJson } from "../require-json.ts";
import { wireJson } from "../wire-json.ts";
import { answerLine } from "./answer-line.ts";
import { changingAnswer } from "./view-answer.ts";

export interface AskRouteOptions {
  readonly ask: AskService | undefined;
  readonly timing: Timing;
  readonly onError: (error: unknown) => void;
}

/** Questions to a policy: as events while it works, where the request accepts those, else one answer at the end. */
export function addAskRoutes(app: Hono, { ask, timing, onError }: AskRouteOptions): void {
  app.get(routes.askOptions, async (context) => changingAnswer(context, (await ask?.options()) ?? nobody));
  app.post(routes.ask, limitBody, requireJson, async (context) => {
    const request = await readBody(context, askRequestSchema);
    if (ask === undefined) throw new LitmusError("conflict", nobody.reason, { hint: nobodyHint });
    const aborted = context.req.raw.signal;
    if (!(context.req.header("accept") ?? "").includes("text/event-stream"))
      return answer(await answerAtOnce(ask, request, aborted));
    return eventStreamAnswer({
      timing,
      aborted,
      open: ({ send, signal, end }) => {
        const emit = (event: AskEvent): void => send(event.type, wireJson(event));
        void ask
          .ask(request, emit, signal)
          .catch((cause: unknown) => {
            if (signal.aborted) return;
            const { code, message, hint } = thrownError(cause, onError);
            emit({ type: "error", code, message, ...(hint === undefined ? {} : { hint }) });
          })
          .finally(end);
      },
    });
  });
}

const nobodyHint = "run litmus ask in a folder that no run holds";
const nobody = { policies: [], reason: "this process has no policy to ask", notice } satisfies AskOptions;

async function answerAtOnce(ask: AskService, request: AskRequest, signal: AbortSignal): Promise<unknown> {
  const events: AskEvent[] = [];
  await ask.ask(request, (event) => events.push(event), signal);
  return answerLine(events);
}
