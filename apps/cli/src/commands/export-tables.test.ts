import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startServe, stopServe, type Served } from "../testing/start-serve.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
let experiment: ScriptedExperiment;
let served: Served;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
  const { environment } = experiment;
  const { exitCode, stderr } = await runLitmus(["train", experiment.config, "--dir", runs()], { environment });
  expect(exitCode, stderr).toBe(0);
  served = await startServe(runs(), { environment });
});
afterAll(async () => {
  await stopServe(served);
  await experiment.remove();
});

const runs = (): string => join(experiment.folder, "runs");
const shown = async (path: string): Promise<string> => (await fetch(`${served.address}${path}`)).text();

/** What `litmus export` prints, byte by byte. */
async function exported(...words: string[]): Promise<string> {
  // Waited for without blocking: this process would not see that the server has closed a connection meanwhile.
  const { stdout } = await promisify(execFile)(process.execPath, [main, "export", ...words, "--dir", runs()], {
    env: { ...process.env, ...experiment.environment },
    maxBuffer: 1e8,
  });
  return stdout;
}

describe("litmus export", () => {
  it("prints the leaderboard that the page shows, while the page is served and after", async () => {
    const page = await shown("/api/leaderboard.csv");
    expect(page.split("\r\n")).toHaveLength(1 + 3 + 1);
    expect(await exported("leaderboard", "--csv")).toBe(page);
    expect(await exported("leaderboard")).toBe(page);
    const json = JSON.parse(await exported("leaderboard", "--json"));
    const { entries } = JSON.parse(await shown("/api/leaderboard")) as { entries: unknown[] };
    expect(json).toMatchObject({ type: "leaderboard", entries, total: 3 });
    expect(
      (await exported("leaderboard", "--which", "all", "--set", json.set.id)).split("\r\n").length,
    ).toBeGreaterThanOrEqual(5);
  });

  it("prints the runs with every column, and every point of a run's curves", async () => {
    const [header = "", ...rows] = (await exported("runs")).trimEnd().split("\r\n");
    expect(header.split(",")).toEqual(expect.arrayContaining(["id", "status", "cost.seconds", "score.test"]));
    expect(rows).toHaveLength(1);
    const points = (await exported("series", "small")).trimEnd().split("\r\n");
    expect(points[0]).toBe("source,metric,stage,step,run_step,value,low,high,n,downsampled");
    const rewards = points.filter((line) => line.startsWith("small,reward,"));
    expect(rewards.map((line) => line.split(",").slice(2, 4).join(" "))).toEqual(["grpo 1", "grpo 2", "grpo 3"]);
  });

  it("prints one trajectory as it is stored", async () => {
    const { trajectories } = JSON.parse(await shown("/store/runs/small/trajectories?limit=1"));
    expect(JSON.parse(await exported("trajectory", trajectories[0].id))).toEqual({
      type: "trajectory",
      ...trajectories[0],
    });
  });

  it.each([
    [["leaderboard", "--set", "none"], 4, "not-found"],
    [["leaderboard", "--csv"], 2, "invalid-input"],
    [["series", "none"], 4, "not-found"],
    [["trajectory", "0".repeat(32)], 4, "not-found"],
    // The form for adapters, beside the tables.
    [["none", "folder"], 4, "not-found"],
  ])("refuses %j with its reason", async (words, code, error) => {
    const { environment } = experiment;
    const { exitCode, lines } = await runLitmus(["export", ...words, "--dir", runs()], { environment });
    expect([exitCode, lines.at(-1)?.["code"]]).toEqual([code, error]);
  });
});
