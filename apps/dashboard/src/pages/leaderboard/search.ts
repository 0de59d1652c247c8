import { leaderboardQuery, leaderboardSorts, maxRows, policyKinds } from "@litmus/api";
import type { LeaderboardQuery } from "@litmus/api";
import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

const text = z.string().max(500).catch("");
const { which, order } = leaderboardQuery.shape;

/** What the address of this page holds. */
export const leaderboardView = viewSchema({
  /** Id of the evaluation set; empty for the one with most policies. */
  set: text,
  search: text,
  kind: z.array(z.enum(policyKinds)).catch([]),
  which: z.enum(which.unwrap().options).catch(which.parse(undefined)),
  sort: z.enum(leaderboardSorts).catch("rank"),
  order: z.enum(order.unwrap().options).catch(order.parse(undefined)),
  offset: z.int().min(0).catch(0),
  limit: z.int().min(1).max(maxRows).catch(50),
  /** Ids of the columns; empty for the defaults. */
  columns: z.array(z.string()).catch([]),
  /** Whether exact match is shown by category in place of the other scores. */
  byCategory: z.boolean().catch(false),
  /** Policies chosen to be compared. */
  chosen: z.array(z.string()).max(2).catch([]),
});
export type LeaderboardPageView = typeof leaderboardView.defaults;

/** What the server is asked for. */
export function leaderboardQueryOf(view: LeaderboardPageView): Partial<LeaderboardQuery> {
  const { set, search, kind, which: evaluations, sort, order: direction, offset, limit } = view;
  return {
    search,
    which: evaluations,
    sort,
    order: direction,
    offset,
    limit,
    ...(set === "" ? {} : { set }),
    ...(kind.length === 0 ? {} : { kind }),
  };
}
