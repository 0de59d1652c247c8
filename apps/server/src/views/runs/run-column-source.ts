import type { RunColumn } from "@litmus/api";
import type { CataloguedRun } from "../../reads/run-catalogue.ts";

export type Cell = string | number | null;

/** A column with what it shows of one run. */
export interface RunColumnSource extends RunColumn {
  readonly cell: (run: CataloguedRun) => Cell;
}
