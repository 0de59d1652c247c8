import { createParser } from "eventsource-parser";
import { ApiError } from "./api-error.ts";
import type { ApiClient } from "./client.ts";
import { routes } from "./routes.ts";
import { askEventSchema, type AskEvent, type AskRequest } from "./views/ask.ts";

/**
 * Puts a question, and gives what comes while it is worked on. Its last event is the answer or an error.
 * @throws ApiError when it is refused, when an event cannot be understood (`incompatible`), or when the stream breaks off before
 * its last event (`unavailable`); the signal's reason when that is aborted
 */
export async function* askStream(
  api: Pick<ApiClient, "request">,
  request: AskRequest,
  signal: AbortSignal,
): AsyncGenerator<AskEvent, void> {
  const { body } = await api.request(routes.ask, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  let isAtEnd = false;
  for await (const data of dataOf(body, signal)) {
    const event = readEvent(data);
    isAtEnd = event.type === "episode-end" || event.type === "error";
    yield event;
  }
  if (!isAtEnd) throw brokenOff();
}

/** The data of each event. */
async function* dataOf(body: Response["body"], signal: AbortSignal): AsyncGenerator<string, void> {
  if (body === null) return;
  const found: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void found.push(data) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const part = await reader.read().catch((cause: unknown) => {
      throw signal.aborted ? cause : brokenOff();
    });
    if (part.done) return;
    parser.feed(decoder.decode(part.value, { stream: true }));
    yield* found.splice(0);
  }
}

function readEvent(data: string): AskEvent {
  const event = askEventSchema.safeParse(parseJson(data));
  if (event.success) return event.data;
  throw new ApiError({
    code: "incompatible",
    message: "the server tells of an answer in another form",
    status: 200,
    hint: "the page and the server are of different versions: reload the page",
  });
}

/** What is no JSON is in another form than any event. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const brokenOff = (): ApiError =>
  new ApiError({
    code: "unavailable",
    message: "the server broke off before the answer",
    status: 0,
    hint: "ask again; the server's own output says more",
  });
