import { ApiError, askStream, createApiClient } from "@litmus/api";
import type { AskService } from "@litmus/server";
import { holderError } from "../folder/holder-error.ts";

/** The process that holds the runs folder. */
export interface AskedServer {
  readonly address: string;
  /** What its writes need. */
  readonly token: string | null;
}

/** Asks through another process, which holds the folder. What that one refuses is this one's refusal, with the same code. */
export function askHolder({ address, token }: AskedServer): AskService {
  const client = createApiClient({ baseUrl: address, token: () => token });
  const refused = (cause: unknown): never => {
    throw holderError(cause);
  };
  const relay: AskService["ask"] = async (request, emit, signal) => {
    for await (const event of askStream(client, request, signal)) {
      if (event.type !== "error") emit(event);
      else throw new ApiError({ ...event, status: 200, hint: event.hint ?? null });
    }
  };
  return {
    options: () => client.askOptions().catch(refused),
    ask: (request, emit, signal) => relay(request, emit, signal).catch(refused),
  };
}
