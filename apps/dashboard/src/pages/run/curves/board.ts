import type { MetricInfo } from "@litmus/api";

/** One chart: of one metric, or of several that divide a whole. */
export interface BoardChart {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly metrics: readonly MetricInfo[];
}

export interface BoardGroup {
  readonly id: string;
  readonly title: string;
  readonly charts: readonly BoardChart[];
}

/** What every run shows, by what it answers. Whatever else was stored is found by its name. */
const board: readonly { readonly id: string; readonly title: string; readonly names: readonly string[] }[] = [
  {
    id: "learning",
    title: "Learning",
    names: ["reward", "exactMatch", "evaluation.exactMatch", "evaluation.sampled", "loss"],
  },
  {
    id: "stability",
    title: "Stability",
    names: ["meanKl", "entropy", "clipFraction", "gradientNorm", "zeroVarianceGroups"],
  },
  {
    id: "behaviour",
    title: "Behaviour",
    names: ["searchesPerEpisode", "tokensPerEpisode", "validActions", "failures"],
  },
  { id: "performance", title: "Performance", names: ["seconds", "tokens"] },
];
const onBoard: ReadonlySet<string> = new Set(board.flatMap(({ names }) => names));
const isStopReason = ({ name }: MetricInfo): boolean => name.startsWith("stop.");

/** The charts that every run shows, without those that it has no points of. */
export function fixedBoard(metrics: readonly MetricInfo[]): readonly BoardGroup[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  return board
    .map(({ id, title, names }) => ({
      id,
      title,
      charts: [
        ...names.flatMap((name) => byName.get(name) ?? []).map(chartOf),
        ...(id === "behaviour" ? stopReasons(metrics) : []),
      ],
    }))
    .filter(({ charts }) => charts.length > 0);
}

/** What can be drawn besides the board. */
export function otherMetrics(metrics: readonly MetricInfo[]): readonly MetricInfo[] {
  return metrics.filter((metric) => !onBoard.has(metric.name) && !isStopReason(metric));
}

/** A chart of one metric. */
export const chartOf = (metric: MetricInfo): BoardChart => ({
  id: metric.name,
  title: metric.label,
  hint: metric.hint,
  metrics: [metric],
});

function stopReasons(metrics: readonly MetricInfo[]): readonly BoardChart[] {
  const reasons = metrics.filter(isStopReason);
  if (reasons.length === 0) return [];
  const hint = "Why the scored episodes of a step ended by themselves, as shares of them.";
  return [{ id: "stop", title: "Stop reasons", hint, metrics: reasons }];
}
