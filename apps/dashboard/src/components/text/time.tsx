import type { ReactNode } from "react";
import { formatDate, formatUtc } from "../../format/date.ts";
import { useOnPaper } from "../../state/on-paper.tsx";

/** A time of the record: in the reader's zone on the screen, and in UTC, with its name, on paper, which many read. */
export function Time({ iso }: { readonly iso: string }): ReactNode {
  return <time dateTime={iso}>{useOnPaper() ? formatUtc(iso) : formatDate(iso)}</time>;
}
