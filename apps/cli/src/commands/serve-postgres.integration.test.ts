import { join } from "node:path";
import { askStream, createApiClient, type ApiClient, type AskEvent } from "@litmus/api";
import { createTestDatabase, type TestDatabase } from "@litmus/store/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLitmus } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { startServe, stopServe, type Served } from "../testing/start-serve.ts";
import { startTraining } from "../testing/start-training.ts";

/** A real Postgres: `packages/testing/services/start-postgres.mjs` starts one. */
const postgres = process.env["LITMUS_TEST_POSTGRES"];

interface StoredRun {
  readonly id: string;
  readonly status: string;
}

describe.skipIf(postgres === undefined)("litmus serve --store (LITMUS_TEST_POSTGRES)", () => {
  let experiment: ScriptedExperiment;
  let database: TestDatabase;
  let served: Served;
  beforeAll(async () => {
    experiment = await makeScriptedExperiment();
    database = await createTestDatabase();
    const flags = ["--port", "0", "--store", "RUNS_POSTGRES_URL"];
    served = await startServe(runs(), { environment: environment(), flags });
  });
  afterAll(async () => {
    await stopServe(served);
    await database.drop();
    await experiment.remove();
  });

  const runs = (): string => join(experiment.folder, "runs");
  const environment = () => ({ ...experiment.environment, RUNS_POSTGRES_URL: database.url });
  const client = (): ApiClient => createApiClient({ baseUrl: served.address, token: () => served.token });
  /** As the database has them now; a list of the page may be half a second old. */
  const statuses = async (): Promise<unknown> => {
    const { runs: found } = (await (await fetch(`${served.address}/store/runs`)).json()) as { runs: StoredRun[] };
    return found.map(({ id, status }) => [id, status]);
  };

  it("shows the runs of the database while one is trained and after it, and asks its policy", async () => {
    expect((await client().system()).store).toMatchObject({ engine: "Postgres" });
    expect(await statuses()).toEqual([]);
    const config = await experiment.variant("shared", {
      name: "shared",
      store: { engine: "postgres", urlVariable: "RUNS_POSTGRES_URL" },
      policy: { engine: "scripted", slots: 1, contextTokens: 1100, latencyMs: 20 },
    });
    const folder = runs();
    const { running, address, token, told } = await startTraining({ config, folder, environment: environment() });
    const trainer = createApiClient({ baseUrl: address, token: () => token });
    await told(({ type }) => type === "stage-start");
    // Held up, so that it is looked at while it trains.
    await trainer.control("shared", "pause");
    expect(await statuses()).toEqual([["shared", "running"]]);
    await trainer.control("shared", "resume");
    const { exitCode, stderr } = await running.ended;
    expect(exitCode, stderr).toBe(0);
    expect(await statuses()).toEqual([["shared", "finished"]]);
    expect((await client().run("shared")).control).toMatchObject({ state: "ended", actions: [] });
    const events: AskEvent[] = [];
    const asked = { question: "What does insulin do?" };
    for await (const event of askStream(client(), asked, new AbortController().signal)) events.push(event);
    const end = events.at(-1) as Extract<AskEvent, { type: "episode-end" }>;
    expect(end).toMatchObject({ type: "episode-end", ending: { type: "stopped" } });
    const [stored] = await database.query("SELECT question FROM trajectories WHERE id = $1", [end.trajectoryId]);
    expect(stored).toEqual(asked);
  });

  it("ends when it is asked to, and names a variable that is not set", async () => {
    const flags = ["--port", "0", "--store", "RUNS_POSTGRES_URL"];
    const second = await startServe(runs(), { environment: environment(), flags });
    expect(await stopServe(second)).toBe(0);
    const { exitCode, lines } = await runLitmus(["serve", "--dir", runs(), "--store", "NO_SUCH_VARIABLE"]);
    expect([exitCode, lines.at(-1)]).toEqual([
      2,
      expect.objectContaining({ type: "error", message: expect.stringContaining("NO_SUCH_VARIABLE") }),
    ]);
  });
});
