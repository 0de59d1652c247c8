import { join } from "node:path";
import { askStream, createApiClient, type AskEvent } from "@litmus/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus, type OutputLine } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startServe, stopServe, type Served } from "../testing/start-serve.ts";

let experiment: ScriptedExperiment;
let served: Served;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
  const { exitCode, stderr } = await litmus("train", experiment.config);
  expect(exitCode, stderr).toBe(0);
  served = await startServe(runs(), { environment: experiment.environment });
});
afterAll(async () => {
  await stopServe(served);
  await experiment.remove();
});

const runs = (): string => join(experiment.folder, "runs");
const litmus = (...words: string[]) => runLitmus([...words, "--dir", runs()], { environment: experiment.environment });
const client = () => createApiClient({ baseUrl: served.address, token: () => served.token });

async function ask(question: string, policy?: string): Promise<AskEvent[]> {
  const asked = { question, ...(policy === undefined ? {} : { policy }) };
  const events: AskEvent[] = [];
  for await (const event of askStream(client(), asked, new AbortController().signal)) events.push(event);
  return events;
}

const typesOf = (events: readonly AskEvent[]): string[] => events.map(({ type }) => type);

describe("asking through litmus serve", () => {
  it("offers the best and the last version of a finished run and the base, and needs no run", async () => {
    const { policies, reason } = await client().askOptions();
    expect(reason).toBeNull();
    expect(policies.at(-1)).toMatchObject({ id: "base", version: 0, runId: null });
    const trained = policies.slice(0, -1);
    expect(trained.length).toBeGreaterThan(0);
    for (const { id, runId, version, exactMatch } of trained) {
      expect(id).toBe(`small:${version}`);
      expect([runId, typeof exactMatch]).toEqual(["small", "number"]);
    }
  });

  it("loads a policy once, tells each turn as it happens, and keeps the trajectory", async () => {
    const first = await ask("Which gene is mutated in cystic fibrosis?");
    expect(typesOf(first).slice(0, 3)).toEqual(["policy-load", "episode-start", "turn-start"]);
    const turns = first.flatMap((event) => (event.type === "turn-end" ? [event.turn] : []));
    expect(turns.map(({ index }) => index)).toEqual(turns.map((_, index) => index));
    const end = first.at(-1) as Extract<AskEvent, { type: "episode-end" }>;
    expect(end).toMatchObject({ type: "episode-end", ending: { type: "stopped" } });
    const kept = await (await fetch(`${served.address}/store/trajectories/${end.trajectoryId}`)).json();
    expect(kept).toMatchObject({
      trajectory: {
        key: { runId: "ask", purpose: "ask" },
        trajectory: { question: "Which gene is mutated in cystic fibrosis?", answer: end.answer },
      },
    });
    const again = await ask("What does insulin do?");
    expect(typesOf(again)).not.toContain("policy-load");
    const base = await ask("What does insulin do?", "base");
    expect(typesOf(base)).toContain("policy-load");
  });

  it("works on one question after the other, and tells the second that it waits", async () => {
    const [first, second] = await Promise.all([ask("What is sodium?"), ask("What is iron?")]);
    for (const events of [first, second]) expect(typesOf(events).at(-1)).toBe("episode-end");
    const waits = [first, second].filter(
      ([event]) => event?.type === "policy-load" && event.label.startsWith("waiting"),
    );
    expect(waits).toHaveLength(1);
  });

  it("gives way to litmus ask, goes on after it, and refuses a policy that there is not", async () => {
    const { exitCode, lines, stderr } = await litmus("ask", "What does insulin do?");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/answering with .* run small/);
    expect(lines.at(-1)).toMatchObject({ type: "answer", stopReason: "completed", trajectoryId: expect.any(String) });
    expect((await ask("What does insulin do?", "small:99")).at(-1)).toMatchObject({ type: "error", code: "not-found" });
    const asked = await litmus("runs", "ask");
    const [line] = asked.lines as [OutputLine];
    expect((line["questions"] as unknown[]).length).toBeGreaterThanOrEqual(5);
  });
});
