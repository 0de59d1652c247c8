import { join } from "node:path";
import { createApiClient, type ApiClient } from "@litmus/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OutputLine } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startServe, stopServe, type Served } from "../testing/start-serve.ts";
import { startTraining, type Training } from "../testing/start-training.ts";

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

const train = (): Promise<Training> => startTraining({ config, folder: runs(), environment: experiment.environment });

const clientOf = (baseUrl: string, token: string): ApiClient => createApiClient({ baseUrl, token: () => token });
const isState = (state: string) => (line: OutputLine) => line.type === "control-changed" && line["state"] === state;

describe("control of a run", () => {
  it("pauses, resumes and stops it through the server that shows the folder, and says what goes on with it", async () => {
    const { running, told } = await train();
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
    const { running, address, token, told } = await train();
    await told(({ type }) => type === "stage-start");
    const page = await fetch(address);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const stranger = clientOf(address, "another token of the right length");
    await expect(stranger.control("slow", "stop")).rejects.toMatchObject({ status: 401 });
    expect(await clientOf(address, token).session()).toMatchObject({ mayWrite: true, canAsk: true });
    await clientOf(address, token).control("slow", "stop");
    expect((await running.ended).exitCode).toBe(130);
  });
});
