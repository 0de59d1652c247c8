import type { ReactNode } from "react";
import { shortened } from "./cut-text.ts";
import { RecordText } from "./record-text.tsx";

export interface ShortTextProps {
  readonly text: string;
  /** Characters shown at most. */
  readonly limit?: number;
}

/** The beginning of a text that somebody else wrote, where a line is all the space there is. */
export function ShortText({ text, limit = 80 }: ShortTextProps): ReactNode {
  return <RecordText text={shortened(text, limit)} />;
}
