import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readLock } from "@litmus/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runLitmus, startLitmus, type OutputLine, type Running } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startServe, stopServe, type Served } from "../testing/start-serve.ts";

let experiment: ScriptedExperiment;
const serving: Served[] = [];
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
});
afterEach(async () => {
  await Promise.all(serving.splice(0).map(stopServe));
});
afterAll(() => experiment.remove());

const folderOf = (name: string): string => join(experiment.folder, name);

async function serve(name: string, ...flags: string[]): Promise<Served> {
  const { environment } = experiment;
  const served = await startServe(folderOf(name), { environment, ...(flags.length === 0 ? {} : { flags }) });
  serving.push(served);
  return served;
}

const train = (name: string, onLine?: (line: OutputLine, running: Running) => void): Running =>
  startLitmus(["train", experiment.config, "--dir", folderOf(name)], {
    environment: experiment.environment,
    ...(onLine === undefined ? {} : { onLine }),
  });

type Runs = readonly { readonly id: string; readonly status: string }[];

/** The runs as the server knows them; any other answer fails the test. */
async function read({ address }: Served): Promise<Runs> {
  const response = await fetch(`${address}/store/runs`);
  const body = (await response.json()) as { readonly runs: Runs };
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body.runs;
}

/** Reads again and again until the work has ended. */
async function readDuring(served: Served, work: Promise<unknown>): Promise<Runs[]> {
  const reads: Runs[] = [];
  let isOver = false;
  void work.finally(() => (isOver = true));
  while (!isOver) {
    reads.push(await read(served));
    await setTimeout(20);
  }
  return reads;
}

const holderOf = async (name: string): Promise<number | undefined> =>
  (await readLock(join(folderOf(name), "store")))?.pid;

describe("litmus serve", () => {
  it("reads before, while and after a run is trained in its folder, and never keeps one from it", async () => {
    const served = await serve("trained");
    expect(await read(served)).toEqual([]);
    for (const statuses of [
      [undefined, "running", "finished"],
      // The second time it holds the folder when the run asks for it.
      ["finished"],
    ]) {
      const running = train("trained");
      const reads = await readDuring(served, running.ended);
      const { exitCode, stderr } = await running.ended;
      expect(exitCode, stderr).toBe(0);
      expect([...new Set(reads.map(([run]) => run?.status))]).toEqual(statuses);
      expect(await read(served)).toMatchObject([{ id: "small", status: "finished" }]);
    }
  });

  it("reads on when the process that trains is killed", async () => {
    const served = await serve("killed");
    const running = train("killed", (line, { kill }) => {
      if (line.type === "step-end") kill("SIGKILL");
    });
    await readDuring(served, running.ended);
    expect((await running.ended).exitCode).toBeNull();
    expect(await read(served)).toMatchObject([{ id: "small", status: "running" }]);
    const { exitCode, stderr } = await train("killed").ended;
    expect(exitCode, stderr).toBe(0);
  });

  it("reads through another that holds the folder, and through itself when that one ends", async () => {
    expect((await train("shared").ended).exitCode).toBe(0);
    const first = await serve("shared");
    expect(await read(first)).toHaveLength(1);
    const holder = await holderOf("shared");
    const second = await serve("shared");
    expect(await read(second)).toHaveLength(1);
    expect(await holderOf("shared")).toBe(holder);
    first.running.kill("SIGKILL");
    await first.running.ended;
    expect(await read(second)).toHaveLength(1);
    expect(await holderOf("shared")).not.toBe(holder);
  });

  it("gives the folder to commands that write, and reads while they hold it", async () => {
    const served = await serve("shared");
    const { environment } = experiment;
    expect(await read(served)).toHaveLength(1);
    const scoring = runLitmus(["eval", "small", "--dir", folderOf("shared"), "--split", "validation"], { environment });
    await readDuring(served, scoring);
    const { exitCode, stderr } = await scoring;
    expect(exitCode, stderr).toBe(0);
  });

  it("keeps the folder from whoever shows no token", async () => {
    const served = await serve("shared");
    await read(served);
    const holder = await holderOf("shared");
    const refused = await fetch(`${served.address}/store/release`, { method: "POST" });
    expect(refused.status).toBe(401);
    expect(await holderOf("shared")).toBe(holder);
  });

  it("refuses a named port that is taken, and says what to do", async () => {
    const first = await serve("none");
    const { port } = new URL(first.address);
    const { exitCode, lines } = await runLitmus(["serve", "--dir", folderOf("none"), "--port", port]);
    expect(exitCode).toBe(3);
    expect(lines.at(-1)).toMatchObject({ type: "error", code: "unavailable", path: "--port" });
    expect(lines.at(-1)?.["message"]).toContain(`port ${port} is taken`);
  });

  it.each([
    ["an address that others can reach without a token", ["--host", "0.0.0.0"], "listens on loopback only"],
    ["a token that is not set", ["--token-variable", "LITMUS_NO_TOKEN"], "not set"],
  ])("refuses %s", async (_, flags, message) => {
    const { exitCode, lines } = await runLitmus(["serve", "--dir", folderOf("none"), "--port", "0", ...flags]);
    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toMatchObject({ type: "error", message: expect.stringContaining(message) });
  });

  it("on an address that others can reach answers only those who show the token", async () => {
    const environment = { ...experiment.environment, LITMUS_PAGE_TOKEN: "a token that nobody guesses" };
    const flags = ["--host", "0.0.0.0", "--port", "0", "--token-variable", "LITMUS_PAGE_TOKEN"];
    const served = await startServe(folderOf("shared"), { environment, flags });
    serving.push(served);
    expect(decodeURIComponent(served.token)).toBe(environment.LITMUS_PAGE_TOKEN);
    expect((await fetch(`${served.address}/store/runs`)).status).toBe(401);
    const headers = { authorization: `Bearer ${environment.LITMUS_PAGE_TOKEN}` };
    expect((await fetch(`${served.address}/store/runs`, { headers })).status).toBe(200);
    // Others of this machine reach it on loopback, with the token in the lock.
    const { exitCode, lines } = await runLitmus(["runs", "--dir", folderOf("shared")]);
    expect([exitCode, lines[0]?.["runs"]]).toEqual([0, [expect.objectContaining({ id: "small" })]]);
    expect((await train("shared").ended).exitCode).toBe(0);
  });
});
