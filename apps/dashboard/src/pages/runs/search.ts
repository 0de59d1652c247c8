import { maxCompared, maxRows, runRowSchema, runsQuery } from "@litmus/api";
import type { RunsQuery } from "@litmus/api";
import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

const text = z.string().max(500).catch("");
const ids = z.array(z.string().min(1).max(200)).catch([]);
const { sort, order, group } = runsQuery.shape;

/** What the address of this page holds. */
export const runsView = viewSchema({
  search: text,
  status: z.array(z.enum(runRowSchema.shape.status.options)).catch([]),
  name: ids,
  /** Ids of the columns; empty for the defaults. */
  columns: ids,
  /** A column's id. */
  sort: z.string().min(1).max(200).catch(sort.parse(undefined)),
  order: z.enum(order.unwrap().options).catch(order.parse(undefined)),
  group: z.enum(group.unwrap().options).catch(group.parse(undefined)),
  /** Rows of several runs whose runs are shown beneath them. */
  expanded: ids,
  /** The run that the others are compared with; empty for none. */
  baseline: z.string().max(200).catch(""),
  /** Runs chosen to be compared; the first ones where they are too many. */
  chosen: z
    .array(z.string())
    .transform((runs) => runs.slice(0, maxCompared))
    .catch([]),
  offset: z.int().min(0).catch(0),
  limit: z.int().min(1).max(maxRows).catch(maxRows),
});
export type RunsPageView = typeof runsView.defaults;

/** What the server is asked for. */
export function runsQueryOf(view: RunsPageView): Partial<RunsQuery> {
  const { search, status, name, columns, baseline } = view;
  return {
    search,
    sort: view.sort,
    order: view.order,
    group: view.group,
    offset: view.offset,
    limit: view.limit,
    ...(status.length === 0 ? {} : { status }),
    ...(name.length === 0 ? {} : { name }),
    ...(columns.length === 0 ? {} : { columns }),
    ...(baseline === "" ? {} : { baseline }),
  };
}

const firstRows = 200;

/** The same, of the rows that are in sight first and some more: all take the server and the page five times as long. */
export const firstRunsQuery = (view: RunsPageView): Partial<RunsQuery> =>
  runsQueryOf({ ...view, limit: Math.min(view.limit, firstRows) });

/** Whether the address narrows the list. */
export const isNarrowed = ({ search, status, name }: RunsPageView): boolean =>
  search !== "" || status.length > 0 || name.length > 0;
