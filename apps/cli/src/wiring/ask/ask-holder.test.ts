import { notice, type AskEvent } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import { startServer, type AskService, type RunningServer } from "@litmus/server";
import { afterEach, describe, expect, it } from "vitest";
import { askHolder } from "./ask-holder.ts";
import { askServer } from "./ask-server.ts";

const token = "a token that nobody guesses";
const start: AskEvent = { type: "episode-start", question: "Which gene?" };
const usage = { prefilledTokens: 9, cachedTokens: 8, sampledTokens: 7, searches: 6 };
const end: AskEvent = {
  type: "episode-end",
  answer: "CFTR",
  citations: [{ recordId: "100", title: "A title", kind: "matched", url: null, year: 2001 }],
  ending: { type: "stopped", reason: "completed" },
  trajectoryId: "0".repeat(32),
  durationMs: 5,
  usage,
};

let server: RunningServer | null = null;
afterEach(close);

async function close(): Promise<void> {
  const closing = server;
  server = null;
  await closing?.close();
}

/** A process that holds a folder and answers so. */
async function holder(ask: AskService["ask"]) {
  const options = async () => ({ policies: [], reason: null, notice });
  server = await startServer({ ask: { options, ask }, writeToken: token });
  return { address: server.address, token };
}

async function asked(held: { readonly address: string; readonly token: string }, onEvent = (): void => undefined) {
  const events: AskEvent[] = [];
  const emit = (event: AskEvent): void => {
    events.push(event);
    onEvent();
  };
  const error = await askHolder(held)
    .ask({ question: "Which gene?" }, emit, new AbortController().signal)
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  return { events, error };
}

describe("asking the process that holds the folder", () => {
  it("passes on what it tells, and gives its answer with kinds and usage", async () => {
    const held = await holder(async (_, emit) => {
      emit(start);
      emit(end);
    });
    expect(await asked(held)).toEqual({ events: [start, end], error: null });
    expect(await askServer(held, "Which gene?", new AbortController().signal)).toMatchObject({
      type: "answer",
      answer: "CFTR",
      citations: [{ id: "100", title: "A title", kind: "matched" }],
      usage,
    });
  });

  it("may be tried again where that process breaks off in the middle, or is gone", async () => {
    const seen = Promise.withResolvers<void>();
    const held = await holder(async (_, emit) => {
      emit(start);
      await seen.promise;
      await close();
    });
    const torn = await asked(held, seen.resolve);
    expect(torn.events).toEqual([start]);
    expect(torn.error).toMatchObject({
      code: "unavailable",
      retryable: true,
      message: expect.stringContaining("broke off"),
    });
    expect((await asked(held)).error).toMatchObject({
      code: "unavailable",
      retryable: true,
      message: expect.stringContaining("does not answer"),
    });
  });

  it.each(["conflict", "out-of-space", "corrupt-file"] as const)("keeps the code of its error: %s", async (code) => {
    const held = await holder(() => Promise.reject(new LitmusError(code, "no", { hint: "do this" })));
    const expected = { code, message: "no", hint: "do this", retryable: false };
    expect((await asked(held)).error).toMatchObject(expected);
    await expect(askServer(held, "Which gene?", new AbortController().signal)).rejects.toMatchObject(expected);
  });

  it("is not interrupted where that process is", async () => {
    const held = await holder(() => Promise.reject(new LitmusError("interrupted", "stopping")));
    expect((await asked(held)).error).toMatchObject({ code: "unavailable", retryable: true });
  });
});
