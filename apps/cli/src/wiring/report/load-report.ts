import { pathToFileURL } from "node:url";
import type { ReportData } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import { builtReport } from "../page/built-page.ts";

export type RenderReport = (data: ReportData) => string;

/**
 * What draws reports. It is built of the page's components when it is missing or its sources have changed.
 * @param onBuild told before it is built, which takes seconds
 * @throws LitmusError as {@link builtReport}; `invalid-data` when what was built draws no report
 */
export async function loadReport(onBuild: () => void): Promise<RenderReport> {
  const file = await builtReport(onBuild);
  const built = (await import(pathToFileURL(file).href)) as { readonly renderReport?: unknown };
  if (typeof built.renderReport === "function") return built.renderReport as RenderReport;
  throw new LitmusError("invalid-data", "what was built of the page's components draws no report", {
    path: file,
    hint: "remove this file, then run the same command again",
  });
}
