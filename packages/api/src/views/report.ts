import type { RunView } from "./run.ts";
import type { SeriesList } from "./series.ts";
import type { TrajectoryView } from "./trajectory.ts";

/** What the report of a run is drawn from: the views of its page at one moment. */
export interface ReportData {
  readonly run: RunView;
  /** Of the run alone, by step. */
  readonly series: SeriesList;
  /** Trajectories to read, in their order. */
  readonly samples: readonly TrajectoryView[];
}
