import type { TokenPage, TrajectoryView } from "@litmus/api";
import { useQueries } from "@tanstack/react-query";
import type { UseQueryResult } from "@tanstack/react-query";
import { useApi } from "../../../api/api-provider.tsx";
import { useSettled } from "../../../state/use-settled.ts";
import { tokenPageQuery } from "./token-page-query.ts";
import { pageOfToken } from "./token-rows.ts";

/** A page that is in sight for less is not fetched: it was only scrolled past. */
const passingMs = 120;

/** The pages that hold some tokens, by their number; one that is new is fetched once the list rests there. */
export function useTokenPages(
  { id, tokens }: TrajectoryView,
  starts: readonly number[],
): ReadonlyMap<number, UseQueryResult<TokenPage>> {
  const api = useApi();
  const pages = [...new Set(starts.map(pageOfToken))];
  const settled = useSettled(pages.join(), passingMs).split(",");
  const queries = useQueries({
    queries: pages.map((page) => ({
      ...tokenPageQuery(api, id, page, tokens.hasAdvantages),
      enabled: settled.includes(String(page)),
    })),
  });
  return new Map(queries.map((query, place) => [pages[place] ?? 0, query]));
}
