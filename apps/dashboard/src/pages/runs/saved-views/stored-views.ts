import { z } from "zod";
import { runsView } from "../search.ts";
import type { RunsPageView } from "../search.ts";

/** A view under a name, in this browser alone; to share one, its address is copied. */
export interface SavedView {
  readonly name: string;
  readonly view: RunsPageView;
}

const storageKey = "litmus-runs-views";
const storedSchema = z.array(z.object({ name: z.string().min(1), view: z.unknown() })).catch([]);

/** In the order of their names; none where the storage holds something else. */
export function readViews(storage: Pick<Storage, "getItem">): readonly SavedView[] {
  return storedSchema
    .parse(parsed(storage.getItem(storageKey)))
    .map(({ name, view }) => ({ name, view: runsView.parse(view) }));
}

export function writeViews(storage: Pick<Storage, "setItem">, views: readonly SavedView[]): void {
  storage.setItem(storageKey, JSON.stringify(views));
}

/** With a view added, in place of one of the same name. What was chosen in the rows is no part of it. */
export function withView(views: readonly SavedView[], { name, view }: SavedView): readonly SavedView[] {
  const added = { name, view: { ...view, chosen: [], offset: 0 } };
  return [...views.filter((each) => each.name !== name), added].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
}
