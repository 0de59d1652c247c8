import type { SystemView } from "@litmus/api";
import { Badge } from "../../../components/layout/badge.tsx";
import type { Column } from "../../../components/table/column.ts";
import { formatCount } from "../../../format/number.ts";

type DeadJob = NonNullable<SystemView["queue"]>["deadJobs"][number];

export const deadJobColumns: readonly Column<DeadJob>[] = [
  { id: "group", label: "Group", widthRem: 20, cell: ({ group }) => group },
  { id: "code", label: "Why", widthRem: 10, cell: ({ code }) => <Badge tone="bad">{code}</Badge> },
  { id: "message", label: "Message", widthRem: 32, isWrapping: true, cell: ({ message }) => message },
  { id: "attempts", label: "Attempts", widthRem: 6, align: "end", cell: ({ attempts }) => formatCount(attempts) },
];
