import { LitmusError } from "@litmus/core";
import { loadConfig } from "@litmus/experiment";
import { createScriptedPolicy } from "@litmus/policy";
import { createFakeRetriever } from "@litmus/testing";
import { expect, it } from "vitest";
import { environment } from "../../environment.ts";
import { askEpisode } from "./ask-episode.ts";

it("ends with the reason of whoever stops a question that is worked on", async () => {
  const { config } = await loadConfig(environment.quickstart);
  const policy = createScriptedPolicy({ latencyMs: () => Number.POSITIVE_INFINITY });
  const retriever = createFakeRetriever({ records: [] });
  const stopping = new AbortController();
  const reason = new LitmusError("interrupted", "the command was interrupted");
  const asked = askEpisode({ policy, retriever, record: async () => null, config }, "What does insulin do?", {
    signal: stopping.signal,
    onEvent: ({ type }) => {
      if (type === "turn-start") stopping.abort(reason);
    },
  });
  await expect(asked).rejects.toBe(reason);
  await policy.close();
});
