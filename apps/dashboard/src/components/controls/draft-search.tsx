import type { ReactNode } from "react";
import { useDraft } from "../../state/use-draft.ts";
import { SearchField } from "./search-field.tsx";

export interface DraftSearchProps {
  readonly label: string;
  readonly value: string;
  /** Called when the typing rests. */
  readonly onChange: (words: string) => void;
  /** How long the typing rests, in milliseconds. */
  readonly restMs?: number;
}

/** A field whose words narrow a list as one types. */
export function DraftSearch({ label, value, onChange, restMs }: DraftSearchProps): ReactNode {
  const [draft, setDraft] = useDraft(value, onChange, restMs);
  return <SearchField label={label} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} />;
}
