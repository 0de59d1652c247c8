import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RunRecord } from "@litmus/core";
import type { StoreReader } from "@litmus/server";
import type { RenderReport } from "./load-report.ts";
import { reportData } from "./report-data.ts";

export interface ReportRequest {
  readonly store: StoreReader;
  readonly run: Pick<RunRecord, "id">;
  readonly render: RenderReport;
  /** File to write; it is whole or as it was before. */
  readonly path: string;
}

/** Writes the run's self-contained HTML report, from stored rows alone. */
export async function writeReport({ store, run, render, path }: ReportRequest): Promise<void> {
  const html = render(await reportData(store, run));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.partial`, html);
  await rename(`${path}.partial`, path);
}
