import { join, resolve } from "node:path";
import { LitmusError, runId } from "@litmus/core";
import { createReporter } from "../output/create-reporter.ts";
import { loadReport } from "../wiring/report/load-report.ts";
import { writeReport } from "../wiring/report/write-report.ts";
import { withStoredRuns, type StoreLocation } from "../wiring/with-stored-runs.ts";

interface ReportOptions extends StoreLocation {
  readonly out?: string | undefined;
  readonly json: boolean;
}

/** `litmus report <run>`: its page as one file, of what is stored by now. */
export async function report(id: string, options: ReportOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const path = resolve(options.out ?? join(options.dir, id, "report.html"));
  // Building it takes seconds, in which others may need the folder of the runs.
  const render = await loadReport(() => reporter.note("building what draws reports, once"));
  await withStoredRuns(options, async (store) => {
    const run = await store.run(runId(id));
    if (run === null) throw new LitmusError("not-found", `there is no run ${id}`, { hint: "litmus runs lists them" });
    await writeReport({ store, run, render, path });
  });
  reporter.result({ type: "report", runId: id, report: path }, path);
}
