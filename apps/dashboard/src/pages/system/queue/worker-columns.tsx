import type { SystemView } from "@litmus/api";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";
import { formatDate } from "../../../format/date.ts";
import { formatCount } from "../../../format/number.ts";
import { relativeTime } from "../../../format/relative-time.ts";

type Worker = NonNullable<SystemView["queue"]>["workers"][number];

/** A worker tells of itself every few seconds; one that has not for so long may be gone. */
const silentMs = 60_000;

export function workerColumns(nowMs: number): Column<Worker>[] {
  return [
    { id: "id", label: "Worker", widthRem: 16, cell: ({ id }) => id },
    { id: "host", label: "Host", widthRem: 12, cell: ({ host }) => host },
    { id: "process", label: "Process", widthRem: 6, align: "end", cell: ({ processId }) => String(processId) },
    {
      id: "lastSeen",
      label: "Last seen",
      widthRem: 11,
      cell: ({ lastSeenAt }) => {
        const seenMs = Date.parse(lastSeenAt);
        return (
          <>
            {relativeTime(seenMs, nowMs)} {nowMs - seenMs > silentMs && <Badge tone="caution">silent</Badge>}
          </>
        );
      },
    },
    { id: "started", label: "Started", widthRem: 10, cell: ({ startedAt }) => formatDate(startedAt) },
    { id: "active", label: "At work on", widthRem: 7, align: "end", cell: ({ active }) => formatCount(active) },
    { id: "done", label: "Groups made", widthRem: 8, align: "end", cell: ({ done }) => formatCount(done) },
  ];
}
