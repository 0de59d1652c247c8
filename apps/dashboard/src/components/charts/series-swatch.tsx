import type { ReactNode } from "react";
import { markerPath } from "./marker-path.ts";
import { seriesLook } from "./series-look.ts";

/** A piece of the line, with its marker: what a legend shows for a series. */
export function SeriesSwatch({ slot }: { readonly slot: number }): ReactNode {
  const { colour, dash, marker } = seriesLook(slot);
  const paint = `var(${colour})`;
  return (
    <svg width={24} height={10} viewBox="0 0 24 10" aria-hidden="true" focusable="false">
      <path d="M1 5H23" stroke={paint} strokeWidth={2} strokeDasharray={dash.join(" ")} />
      <path d={markerPath(marker, 12, 5, 3.2)} fill={paint} />
    </svg>
  );
}
