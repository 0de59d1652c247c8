import { LitmusError, runId } from "@litmus/core";
import { openMemoryStore, type HolderServer } from "@litmus/store";
import { expect, it } from "vitest";
import type { RunStore } from "../open-run-store.ts";
import { createRunControl } from "./run-control.ts";
import { serveRun } from "./serve-run.ts";

const isAnswered = (address: string): Promise<boolean> =>
  fetch(`${address}/store/runs`).then(
    ({ ok }) => ok,
    () => false,
  );

it("takes its address back before its server closes, and closes that also where the lock cannot be written", async () => {
  const notes: string[] = [];
  const told: (HolderServer | null)[] = [];
  let wasAnswered: boolean | null = null;
  const store: RunStore = {
    ...(await openMemoryStore()),
    hold: () => Promise.reject(new LitmusError("bug", "nobody holds it")),
    tellServer: async (server) => {
      told.push(server);
      if (server !== null) return;
      wasAnswered = await isAnswered(told[0]?.address ?? "");
      throw new LitmusError("out-of-space", "the disk is full");
    },
  };
  const served = await serveRun({
    store,
    runId: runId("run"),
    control: createRunControl({ signal: new AbortController().signal, onChange: () => undefined }),
    directory: "runs",
    command: "litmus train run.yaml",
    storeEngine: "PGlite",
    reporter: { note: (text) => notes.push(text), progress() {}, event() {}, result() {}, close() {} },
  });
  await served[Symbol.asyncDispose]();
  expect(told).toEqual([{ address: expect.any(String), token: expect.any(String) }, null]);
  expect(wasAnswered).toBe(true);
  expect(await isAnswered(told[0]?.address ?? "")).toBe(false);
  expect(notes).toEqual([expect.stringContaining("the disk is full")]);
  await store.close();
});
