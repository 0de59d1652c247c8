import { maxCompared } from "@litmus/api";
import type { RunRow } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Checkbox } from "../../components/controls/checkbox.tsx";
import { IconButton } from "../../components/controls/icon-button.tsx";
import { Badge } from "../../components/layout/badge.tsx";
import { formatCount } from "../../format/number.ts";
import { runLabel } from "../../format/run-label.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { rowChoice, toggled } from "./row-choice.ts";
import styles from "./runs.module.css";
import { runsView } from "./search.ts";
import type { TableRow } from "./table-rows.ts";

/** Which run it is, and what can be done with its row. */
export function RunCell({ row, role }: Pick<TableRow, "row" | "role">): ReactNode {
  const [{ chosen, expanded, baseline }, setView] = useViewState(runsView);
  const ids = row.members.map(({ id }) => id);
  const choice = rowChoice(chosen, ids, maxCompared);
  const isBaseline = role === "baseline";
  return (
    <div className={styles.run} data-role={role}>
      <Checkbox
        hasHiddenLabel
        label={`Choose ${row.name} ${row.id} to compare`}
        isChecked={choice.isChosen}
        isMixed={choice.isMixed}
        disabled={choice.isClosed}
        title={choice.isClosed ? `At most ${maxCompared} runs are compared` : undefined}
        onCheckedChange={(isChecked) => setView({ chosen: choice.press(isChecked) })}
      />
      <Link
        to="/runs/$runId"
        params={{ runId: row.id }}
        className={styles.name ?? ""}
        title={`${row.name} · ${row.id}`}
      >
        {runLabel(row.name, row.id)}
      </Link>
      <span className={styles.details}>
        <Seeds row={row} />
        {ids.length > 1 && (
          <IconButton
            size="small"
            icon={expanded.includes(row.id) ? "chevron-down" : "chevron-right"}
            label={`Show the ${ids.length} runs of ${row.name}`}
            aria-expanded={expanded.includes(row.id)}
            onClick={() => setView({ expanded: toggled(expanded, [row.id], !expanded.includes(row.id)) })}
          />
        )}
        {isBaseline && <Badge tone="gold">baseline</Badge>}
      </span>
      {role !== "member" && (
        <IconButton
          size="small"
          icon={isBaseline ? "close" : "pin"}
          label={isBaseline ? "Take the baseline away" : `Make ${row.name} the baseline`}
          className={styles.pin}
          onClick={() => setView({ baseline: isBaseline || baseline === row.id ? "" : row.id }, "push")}
        />
      )}
    </div>
  );
}

/** Of a group how many runs its means are over, else the seed. */
function Seeds({ row: { members } }: { readonly row: RunRow }): ReactNode {
  const [first] = members;
  if (members.length > 1)
    return (
      <span className={styles.seeds} title={`Mean over seeds ${members.map(({ seed }) => seed ?? "?").join(", ")}`}>
        n {formatCount(members.length)}
      </span>
    );
  if (first === undefined || first.seed === null) return null;
  return <span className={styles.seeds}>seed {first.seed}</span>;
}
