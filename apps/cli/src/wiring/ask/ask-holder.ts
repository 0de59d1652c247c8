import { askEventSchema, createApiClient, routes, type AskEvent, type AskRequest } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import { holderError } from "../folder/holder-error.ts";
import type { AskService } from "@litmus/server";
import type { AskedServer } from "./ask-server.ts";
import { readEvents } from "./read-events.ts";

/** Asks through another process, which holds the folder. */
export function askHolder({ address, token }: AskedServer): AskService {
  const client = createApiClient({ baseUrl: address, token: () => token });
  const refused = (cause: unknown): Promise<never> => Promise.reject(holderError(cause));
  return {
    options: () => client.askOptions().catch(refused),
    ask: async (request: AskRequest, emit: (event: AskEvent) => void, signal: AbortSignal) => {
      const headers = { "content-type": "application/json", accept: "text/event-stream" };
      const response = await client
        .request(routes.ask, { method: "POST", headers, body: JSON.stringify(request), signal })
        .catch(refused);
      if (response.body === null) throw unreadable(address);
      for await (const data of readEvents(response.body)) {
        const event = askEventSchema.safeParse(JSON.parse(data));
        if (!event.success) throw unreadable(address, event.error);
        emit(event.data);
      }
    },
  };
}

function unreadable(address: string, cause?: unknown): LitmusError {
  return new LitmusError("incompatible", `the process at ${address} answers in another form`, {
    hint: "it may be another version of litmus",
    cause,
  });
}
