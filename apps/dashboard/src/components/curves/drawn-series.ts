import type { Series, XAxis } from "@litmus/api";

/** A curve, of which a part may have been fetched in more detail. */
export interface DrawnSeries extends Series {
  /** Distance on x that an average counts as one step: of the whole curve, whichever part of it is drawn. */
  readonly unit: number;
  /** Points that stand for `total`: where a part is in more detail, those of the part. */
  readonly shown: number;
  /** Stages that have no point here, since their points would all stand at one place of x. */
  readonly leftOut: readonly string[];
}

/**
 * @param whole the curve over all of x
 * @param part a range of it in more detail: there it stands in place of the whole, which an average still begins with
 */
export function drawnSeries(x: XAxis, whole: Series, part: Series = whole): DrawnSeries {
  const leftOut = stillStages(whole);
  const isKept = (stage: string): boolean => !leftOut.includes(stage);
  const moving = whole.x.filter((_, i) => isKept(whole.stage[i] ?? ""));
  const share = whole.x.length === 0 ? 1 : moving.length / whole.x.length;
  return {
    ...withStages(part === whole ? whole : inserted(whole, part), isKept),
    unit: x === "step" ? 1 : meanDistance(moving, whole.total * share),
    shown: part.stage.filter(isKept).length,
    leftOut,
  };
}

/** @param count of the points there are, of which x may hold fewer */
function meanDistance(x: readonly number[], count: number): number {
  const span = (x.at(-1) ?? 0) - (x[0] ?? 0);
  return span > 0 && count > 1 ? span / (count - 1) : 1;
}

/** The stages that add nothing to x, neither among their points nor to where the stage before them ended. */
function stillStages({ x, stage }: Series): readonly string[] {
  const ends = new Map<string, { readonly from: number; readonly to: number; readonly count: number }>();
  stage.forEach((name, i) => {
    const at = x[i] ?? 0;
    const known = ends.get(name);
    ends.set(name, { from: known?.from ?? at, to: at, count: (known?.count ?? 0) + 1 });
  });
  let before: number | null = null;
  const still: string[] = [];
  for (const [name, { from, to, count }] of ends) {
    if (from === to && (count > 1 || to === before)) still.push(name);
    else before = to;
  }
  return still;
}

function withStages(series: Series, isWanted: (stage: string) => boolean): Series {
  if (series.stage.every(isWanted)) return series;
  const isKept = (_: unknown, i: number): boolean => isWanted(series.stage[i] ?? "");
  return {
    ...series,
    x: series.x.filter(isKept),
    y: series.y.filter(isKept),
    low: series.low?.filter(isKept) ?? null,
    high: series.high?.filter(isKept) ?? null,
    n: series.n?.filter(isKept) ?? null,
    stage: series.stage.filter(isKept),
    step: series.step.filter(isKept),
  };
}

/** The part, with the points of the whole before and after it. */
function inserted(whole: Series, part: Series): Series {
  const [first = Infinity, last = Infinity] = [part.x[0], part.x.at(-1)];
  const before = whole.x.filter((x) => x < first).length;
  const after = whole.x.filter((x) => x <= last).length;
  const column = <Value>(of: (series: Series) => readonly Value[]): Value[] => [
    ...of(whole).slice(0, before),
    ...of(part),
    ...of(whole).slice(after),
  ];
  const edge = (name: "low" | "high"): (number | null)[] | null =>
    whole[name] === null && part[name] === null ? null : column((series) => series[name] ?? series.x.map(() => null));
  const hasRuns = whole.n !== null && part.n !== null;
  return {
    ...part,
    x: column(({ x }) => x),
    y: column(({ y }) => y),
    low: edge("low"),
    high: edge("high"),
    n: hasRuns ? column(({ n }) => n ?? []) : null,
    stage: column(({ stage }) => stage),
    step: column(({ step }) => step),
  };
}
