import { join, resolve } from "node:path";
import { LitmusError, runId, type RunRecord } from "@litmus/core";
import { experimentSchema, storedResult } from "@litmus/experiment";
import { createReporter } from "../output/create-reporter.ts";
import { askRun } from "../wiring/ask/store-answer.ts";
import { withStoredRuns, type StoredRuns } from "../wiring/with-stored-runs.ts";
import { runEndLine, runEndText } from "../wiring/run-end.ts";
import { readResources } from "../wiring/run-resources.ts";

interface RunsOptions {
  readonly dir: string;
  readonly store?: string | undefined;
  readonly json: boolean;
}

/** Characters of a question, in a list. */
const longestShown = 200;

/** `litmus runs [run]`. */
export async function runs(id: string | undefined, options: RunsOptions): Promise<void> {
  await withStoredRuns(options, (store) => (id === undefined ? listRuns(store, options) : showRun(store, id, options)));
}

async function listRuns(store: StoredRuns, options: RunsOptions): Promise<void> {
  const all = await store.runs();
  const rows = all.map(({ id, name, status, configHash, createdAt, finishedAt }) => ({
    id,
    name,
    status,
    configHash,
    createdAt,
    finishedAt,
  }));
  const text = rows.map((row) => `${row.id.padEnd(32)} ${row.status.padEnd(12)} ${row.createdAt}`);
  createReporter(options.json).result(
    { type: "runs", runs: rows },
    text.length === 0 ? `no runs in ${options.dir}` : text.join("\n"),
  );
}

async function showRun(store: StoredRuns, id: string, options: RunsOptions): Promise<void> {
  const run = await store.run(runId(id));
  if (run === null)
    throw new LitmusError("not-found", `there is no run ${id} in ${options.dir}`, { hint: "litmus runs lists them" });
  if (run.id === askRun) return listAsked(store, options);
  const end = {
    runId: run.id,
    reportPath: join(resolve(options.dir), run.id, "report.html"),
    result: await storedResult({ store, runId: run.id, config: configOf(run) }),
    resources: await readResources(store, run.id),
  };
  createReporter(options.json).result(
    { ...runEndLine(end), type: "run", status: run.status },
    `${run.status}\n${runEndText(end)}`,
  );
}

/** The questions of `litmus ask`, oldest first. */
async function listAsked(store: StoredRuns, options: RunsOptions): Promise<void> {
  const entries = await store.trajectories({ runId: askRun });
  const questions = entries.map(({ id, trajectory: { question, answer, outcome } }) => ({
    question,
    answer,
    stopReason: outcome.type === "stopped" ? outcome.reason : null,
    trajectoryId: id,
  }));
  const text = questions.map(({ question, answer, stopReason }) => {
    const shown = question.length > longestShown ? `${question.slice(0, longestShown)}…` : question;
    return `${shown}\n  ${answer ?? `no answer (${stopReason ?? "failed"})`}`;
  });
  createReporter(options.json).result({ type: "asked", runId: askRun, questions }, text.join("\n"));
}

function configOf(run: RunRecord): ReturnType<typeof experimentSchema.parse> {
  const parsed = experimentSchema.safeParse(run.config);
  if (parsed.success) return parsed.data;
  throw new LitmusError("incompatible", `run ${run.id} is no experiment that this version can show`, {
    hint: "its trajectories can be read all the same",
  });
}
