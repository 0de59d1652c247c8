import { join } from "node:path";
import { createApiClient, type ApiClient } from "@litmus/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLitmus, type OutputLine, type Running } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startServe, stopServe, type Served } from "../testing/start-serve.ts";

let experiment: ScriptedExperiment;
let config: string;
let served: Served;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
  // Slow enough to be caught in the middle of a step.
  config = await experiment.variant("slow", {
    name: "slow",
    policy: { engine: "scripted", slots: 1, contextTokens: 1100, latencyMs: 100 },
  });
  served = await startServe(runs(), { environment: experiment.environment });
});
afterAll(async () => {
  await stopServe(served);
  await experiment.remove();
});

const runs = (): string => join(experiment.folder, "runs");

interface Training {
  readonly running: Running;
  /** Of the page that it serves. */
  readonly address: URL;
  /** Resolves with the first event that it tells of. */
  readonly told: (is: (line: OutputLine) => boolean) => Promise<OutputLine>;
}

/** `litmus train`, once it says where its page is. */
function startTraining(): Promise<Training> {
  const lines: OutputLine[] = [];
  const waiting = new Set<{ is: (line: OutputLine) => boolean; resolve: (line: OutputLine) => void }>();
  const told: Training["told"] = (is) => {
    const { promise, resolve } = Promise.withResolvers<OutputLine>();
    const found = lines.find(is);
    if (found !== undefined) resolve(found);
    else waiting.add({ is, resolve });
    return promise;
  };
  return new Promise((resolve, reject) => {
    const running = startLitmus(["train", config, "--dir", runs()], {
      environment: experiment.environment,
      onLine: (line, started) => {
        lines.push(line);
        for (const each of waiting) if (each.is(line)) each.resolve(line);
        if (line.type === "run-start") resolve({ running: started, address: new URL(String(line["address"])), told });
      },
    });
    void running.ended.then(({ stderr }) => reject(new Error(stderr)));
  });
}

const clientOf = (baseUrl: string, token: string): ApiClient => createApiClient({ baseUrl, token: () => token });
const isState = (state: string) => (line: OutputLine) => line.type === "control-changed" && line["state"] === state;

describe("control of a run", () => {
  it("pauses, resumes and stops it through the server that shows the folder, and says what goes on with it", async () => {
    const { running, told } = await startTraining();
    const client = clientOf(served.address, served.token);
    await told(({ type }) => type === "stage-start");
    expect((await client.run("slow")).control).toMatchObject({ state: "running", actions: ["pause", "stop"] });
    const pausing = await client.control("slow", "pause");
    expect(["pausing", "paused"]).toContain(pausing.state);
    await told(isState("paused"));
    const before = (await client.run("slow")).cost.trajectories;
    expect((await client.run("slow")).control).toMatchObject({ state: "paused", actions: ["resume", "stop"] });
    await expect(client.control("slow", "pause")).rejects.toMatchObject({ code: "conflict" });
    expect((await client.run("slow")).cost.trajectories).toBe(before);
    expect((await client.control("slow", "resume")).state).toBe("running");
    await told(isState("running"));
    expect((await client.control("slow", "stop")).state).toBe("stopping");
    const { exitCode, lines } = await running.ended;
    expect([exitCode, lines.at(-1)?.["code"]]).toEqual([130, "interrupted"]);
    const ended = (await client.run("slow")).control;
    expect(ended).toMatchObject({ state: "ended", actions: [] });
    expect(ended.resumeCommand).toBe(`npx litmus train ${config} --dir ${runs()}`);
  });

  it("is given at the address that the run itself prints, to who shows its token", async () => {
    const { running, address, told } = await startTraining();
    await told(({ type }) => type === "stage-start");
    const token = address.hash.replace("#token=", "");
    const page = await fetch(address.origin);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const stranger = clientOf(address.origin, "another token of the right length");
    await expect(stranger.control("slow", "stop")).rejects.toMatchObject({ status: 401 });
    expect(await clientOf(address.origin, token).session()).toMatchObject({ mayWrite: true, canAsk: true });
    await clientOf(address.origin, token).control("slow", "stop");
    expect((await running.ended).exitCode).toBe(130);
  });
});
