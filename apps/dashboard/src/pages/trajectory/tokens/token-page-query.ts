import type { ApiClient, TokenPage } from "@litmus/api";
import { queryOptions } from "@tanstack/react-query";
import { pageTokens } from "./token-rows.ts";

/** Pages that were scrolled past are soon forgotten: a long trajectory has many. */
const keptMs = 60_000;

/** One page of a trajectory's tokens. `hasAdvantages` tells an answer before the update from the one after it. */
export const tokenPageQuery = (api: ApiClient, trajectoryId: string, page: number, hasAdvantages: boolean) =>
  queryOptions<TokenPage>({
    queryKey: ["tokens", trajectoryId, page, hasAdvantages],
    queryFn: ({ signal }) => api.tokens(trajectoryId, { from: page * pageTokens, limit: pageTokens }, signal),
    placeholderData: () => undefined,
    gcTime: keptMs,
  });
