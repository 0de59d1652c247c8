import type { Marker } from "./series-look.ts";

/** The outline of a marker around a point, as an SVG path. @param radius in the units of x and y */
export function markerPath(marker: Marker, x: number, y: number, radius: number): string {
  const r = radius;
  switch (marker) {
    case "circle":
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case "square":
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
    case "triangle":
      return `M${x} ${y - 1.2 * r}L${x + 1.1 * r} ${y + r}H${x - 1.1 * r}z`;
    case "diamond":
      return `M${x} ${y - 1.3 * r}L${x + 1.2 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.2 * r} ${y}z`;
    default:
      return marker satisfies never;
  }
}
