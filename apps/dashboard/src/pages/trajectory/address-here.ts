import { defaultParseSearch, defaultStringifySearch } from "@tanstack/react-router";
import { trajectoryView } from "./search.ts";
import type { TrajectoryViewState } from "./search.ts";

type Place = Pick<Location, "origin" | "pathname" | "search">;

/** The address of this page with some of its view's fields changed. */
export function addressHere(
  patch: Partial<TrajectoryViewState>,
  { origin, pathname, search }: Place = window.location,
): string {
  const view = { ...trajectoryView.parse(defaultParseSearch(search)), ...patch };
  const { defaults } = trajectoryView;
  const kept = Object.entries(view).filter(([key, value]) => value !== defaults[key as keyof TrajectoryViewState]);
  return `${origin}${pathname}${defaultStringifySearch(Object.fromEntries(kept))}`;
}
