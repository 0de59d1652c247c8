/** From values to places on the drawing. */
export interface Projection {
  readonly atX: (value: number) => number;
  readonly atY: (value: number) => number;
}

/** A line through the points as an SVG path; broken at gaps. A point without neighbours becomes a dot of no length. */
export function linePath(x: readonly number[], y: readonly (number | null)[], { atX, atY }: Projection): string {
  let path = "";
  let isDrawing = false;
  y.forEach((value, i) => {
    const at = x[i];
    if (value === null || at === undefined) {
      isDrawing = false;
      return;
    }
    const isAlone = !isDrawing && (y[i + 1] ?? null) === null;
    path += `${isDrawing ? "L" : "M"}${rounded(atX(at))} ${rounded(atY(value))}${isAlone ? "h0" : ""}`;
    isDrawing = true;
  });
  return path;
}

/** The area between two lines, without the stretches where either is unknown. */
export function bandPath(
  x: readonly number[],
  low: readonly (number | null)[],
  high: readonly (number | null)[],
  { atX, atY }: Projection,
): string {
  const stretches: { x: number; low: number; high: number }[][] = [[]];
  x.forEach((at, i) => {
    const [bottom, top] = [low[i] ?? null, high[i] ?? null];
    if (bottom === null || top === null) stretches.push([]);
    else stretches.at(-1)?.push({ x: atX(at), low: atY(bottom), high: atY(top) });
  });
  return stretches
    .filter((points) => points.length > 1)
    .map((points) => {
      const there = points.map((point) => `${rounded(point.x)} ${rounded(point.high)}`);
      const back = points.toReversed().map((point) => `${rounded(point.x)} ${rounded(point.low)}`);
      return `M${[...there, ...back].join("L")}z`;
    })
    .join("");
}

const rounded = (value: number): string => value.toFixed(1);
