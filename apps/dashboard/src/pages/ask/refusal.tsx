import type { ReactNode } from "react";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { RecordText } from "../../components/record/record-text.tsx";

export interface RefusalProps {
  /** `token` where this tab may not write; else why nothing can be asked here, null where no policy is loaded. */
  readonly reason: string | null;
}

/** Why no question can be put here, and what to do. */
export function Refusal({ reason }: RefusalProps): ReactNode {
  if (reason === "token")
    return (
      <EmptyState title="This tab may read, but not ask">
        A question makes the server work, so it takes the server's token. Open the page by the address that litmus
        printed when it started: it ends in <code>#token=…</code>.
      </EmptyState>
    );
  return (
    <EmptyState title="No question can be put here">
      {reason === null ? "No policy is loaded, and none can be." : <RecordText text={reason} />}
    </EmptyState>
  );
}
