import { fail, succeed } from "@litmus/core";
import type { Outcome } from "@litmus/core";
import { z } from "zod";
import { engineFailure } from "./engine-failure.ts";
import type { EngineHttp } from "./engine-http.ts";

const modelsSchema = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().positive().nullish() })),
});

/** What `GET /v1/models` lists: the base and its adapters. */
export interface ServedModels {
  readonly names: readonly string[];
  /** Tokens that a model can hold, context and action together. */
  longest(model: string): Outcome<number>;
}

export async function servedModels(http: EngineHttp, signal?: AbortSignal): Promise<Outcome<ServedModels>> {
  const reply = await http.ask({ method: "GET", path: "/v1/models" }, modelsSchema, signal);
  if (!reply.ok) return reply;
  const { data } = reply.value;
  const names = data.map(({ id }) => id);
  const longest = (model: string): Outcome<number> => {
    const found = data.find(({ id }) => id === model);
    if (found === undefined) {
      const message = `the engine does not serve "${model}" but ${names.map((name) => `"${name}"`).join(", ")}`;
      return fail(engineFailure("model-unknown", message));
    }
    const length = found.max_model_len;
    return length === undefined || length === null
      ? fail(engineFailure("engine-reply-unreadable", `/v1/models does not say how many tokens "${model}" can hold`))
      : succeed(length);
  };
  return succeed({ names, longest });
}
