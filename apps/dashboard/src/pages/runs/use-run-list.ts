import { useQuery } from "@tanstack/react-query";
import type { UseQueryResult } from "@tanstack/react-query";
import type { RunList } from "@litmus/api";
import { useState } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { runsOptions } from "../../queries/list-queries.ts";
import { firstRunsQuery, runsQueryOf } from "./search.ts";
import type { RunsPageView } from "./search.ts";

export interface ShownRuns {
  readonly query: UseQueryResult<RunList>;
  /** Whether the rows are of another question than the address asks. */
  readonly isBusy: boolean;
  /** Asks for the rows after the first ones too, from now on. */
  readonly askForAll: () => void;
}

/** The runs that the address asks for: the first rows, and all once somebody goes there. */
export function useRunList(view: RunsPageView): ShownRuns {
  const api = useApi();
  const [isWhole, setWhole] = useState(false);
  const asked = isWhole ? runsQueryOf(view) : firstRunsQuery(view);
  const query = useQuery(runsOptions(api, asked));
  const isLonger = query.data !== undefined && query.data.limit < (asked.limit ?? 0);
  return { query, isBusy: query.isPlaceholderData && !isLonger, askForAll: () => setWhole(true) };
}
