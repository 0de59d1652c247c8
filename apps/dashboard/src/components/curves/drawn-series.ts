import type { Series, XAxis } from "@litmus/api";

/** A curve, or the part of it that was fetched, with what is known of its whole. */
export interface DrawnSeries extends Series {
  /** Distance on x that an average counts as one step: of the whole curve, whichever part of it is drawn. */
  readonly unit: number;
  /** Stages that have no point here, since their points would all stand at one place of x. */
  readonly leftOut: readonly string[];
}

/**
 * @param whole the curve over all of x
 * @param part what is drawn of it; all of it unless told
 */
export function drawnSeries(x: XAxis, whole: Series, part: Series = whole): DrawnSeries {
  const leftOut = stillStages(whole);
  const moving = withoutStages(whole, leftOut);
  const share = whole.x.length === 0 ? 1 : moving.x.length / whole.x.length;
  return {
    ...(leftOut.length === 0 ? part : withoutStages(part, leftOut)),
    unit: x === "step" ? 1 : meanDistance(moving.x, whole.total * share),
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

function withoutStages(series: Series, stages: readonly string[]): Series {
  const isKept = (_: unknown, i: number): boolean => !stages.includes(series.stage[i] ?? "");
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
