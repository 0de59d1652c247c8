import { ApiError, askEventSchema, routes } from "@litmus/api";
import type { ApiClient, AskEvent, AskRequest } from "@litmus/api";
import { EventSourceParserStream } from "eventsource-parser/stream";

/**
 * Puts a question, and gives what comes while it is worked on.
 * @throws ApiError when it is refused, when an event cannot be understood, or when the stream breaks off before its end
 */
export async function* askStream(
  api: Pick<ApiClient, "request">,
  request: AskRequest,
  signal: AbortSignal,
): AsyncGenerator<AskEvent, void> {
  const response = await api.request(routes.ask, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  if (response.body === null) throw brokenOff();
  // The DOM's types tell bytes of shared memory apart, which the decoder takes too.
  const decoder = new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>;
  const reader = response.body.pipeThrough(decoder).pipeThrough(new EventSourceParserStream()).getReader();
  let isAtEnd = false;
  for (;;) {
    const next = await reader.read();
    if (next.done) break;
    const event = readEvent(next.value.data);
    isAtEnd = event.type === "episode-end" || event.type === "error";
    yield event;
  }
  if (!isAtEnd) throw brokenOff();
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
