import { colourCount } from "./series-look.ts";

/** Colours as a canvas takes them, which knows no custom properties. */
export interface PlotColours {
  readonly grid: string;
  readonly text: string;
  readonly crosshair: string;
  readonly surface: string;
  /** By slot, from 0. */
  readonly series: readonly string[];
}

/** What the tokens are worth now, at this element. */
export function readColours(element: HTMLElement): PlotColours {
  const probe = document.createElement("span");
  // Or its colour would be on its way from one token to the next when it is read.
  probe.style.transitionProperty = "none";
  element.append(probe);
  const worth = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    grid: worth("--hairline"),
    text: worth("--muted"),
    crosshair: worth("--line"),
    surface: worth("--surface"),
    series: Array.from({ length: colourCount }, (_, i) => worth(`--series-${i + 1}`)),
  };
  probe.remove();
  return colours;
}

/** A computed colour, let through. @param colour `rgb(…)`, as computed styles give it */
export function withAlpha(colour: string, alpha: number): string {
  return colour.replace(/^rgb\((.+)\)$/, (_, parts: string) => `rgba(${parts}, ${alpha})`);
}
