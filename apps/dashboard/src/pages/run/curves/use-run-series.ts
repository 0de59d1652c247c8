import { seedsPrefix } from "@litmus/api";
import type { RunView } from "@litmus/api";
import { useSeries } from "../../../queries/use-series.ts";
import type { SeriesState } from "../../../queries/use-series.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";

/** The curves of a run as its page shows them: of the run alone, or the mean over its seeds. */
export function useRunSeries({ run, seeds }: RunView, metrics: readonly string[]): SeriesState {
  const [{ x, zoom, seeds: isOverSeeds }] = useViewState(runView);
  const isMean = isOverSeeds && seeds.length > 1;
  return useSeries({
    sources: [isMean ? `${seedsPrefix}${run.id}` : run.id],
    runIds: isMean ? seeds.map(({ id }) => id) : [run.id],
    metrics,
    x,
    zoom,
  });
}
