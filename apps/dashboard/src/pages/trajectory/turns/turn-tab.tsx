import type { TrajectoryView } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { SearchField } from "../../../components/controls/search-field.tsx";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { useDraft } from "../../../state/use-draft.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { trajectoryView } from "../search.ts";
import { findTurns } from "./find-turns.ts";
import { TurnList } from "./turn-list.tsx";
import styles from "./turns.module.css";

/** The episode as it went, turn by turn, with a field to find words in it. */
export function TurnTab({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const [{ find, turn }, setView] = useViewState(trajectoryView);
  const { turns, idSpace, indexId } = trajectory;
  const [typed, setTyped] = useDraft(find, (text) => setView({ find: text }));
  const shown = useMemo(() => findTurns(turns, find), [turns, find]);
  if (turns.length === 0)
    return <EmptyState title="No turns">The episode ended before the policy took its first one.</EmptyState>;
  return (
    <div className={styles.tab}>
      <div className={styles.tools}>
        <SearchField
          className={styles.find}
          label="Find words in the turns"
          value={typed}
          maxLength={200}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <span className={styles.found} role="status">
          {find === "" ? "" : `${shown.length} of ${turns.length} turns`}
        </span>
      </div>
      {shown.length === 0 ? (
        <EmptyState title="No turn holds these words">Look for fewer or other words.</EmptyState>
      ) : (
        <TurnList
          turns={shown}
          idSpace={idSpace}
          indexId={indexId}
          find={find}
          marked={turn}
          onMark={(mark) => setView({ turn: mark })}
        />
      )}
    </div>
  );
}
