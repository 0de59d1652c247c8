import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { ViewSchema } from "./view-schema.ts";

/** How an address changes: `replace` for typing and sliders, `push` for what the back button should undo. */
export type ViewChange = "replace" | "push";

/**
 * The view's state as the address holds it, and a function that changes some of its fields there.
 * The page's scroll position stays. Fields at their default leave the address.
 */
export function useViewState<View extends object>(
  schema: ViewSchema<View>,
): readonly [View, (patch: Partial<View>, change?: ViewChange) => void] {
  const search: unknown = useSearch({ strict: false });
  const navigate = useNavigate();
  const view = useMemo(() => schema.parse(search), [schema, search]);
  const patchView = useCallback(
    (patch: Partial<View>, change: ViewChange = "replace") => {
      const next = (current: object): object => ({ ...current, ...patch });
      // The router types a search by its route; this one is typed by the schema, which the route parses with.
      void navigate({ to: ".", search: next as never, replace: change === "replace", resetScroll: false });
    },
    [navigate],
  );
  return [view, patchView];
}
