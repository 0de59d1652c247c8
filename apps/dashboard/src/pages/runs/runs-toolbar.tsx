import { runRowSchema } from "@litmus/api";
import type { RunList, RunRow } from "@litmus/api";
import type { ReactNode } from "react";
import { DraftSearch } from "../../components/controls/draft-search.tsx";
import { FilterMenu } from "../../components/controls/filter-menu.tsx";
import { Switch } from "../../components/controls/switch.tsx";
import { Toolbar } from "../../components/controls/toolbar.tsx";
import { chosenIds, shownIds } from "../../components/table/chosen-columns.ts";
import { ColumnChooser } from "../../components/table/column-chooser.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { SavedViews } from "./saved-views/saved-views.tsx";
import { runsView } from "./search.ts";

const statuses = runRowSchema.shape.status.options;
const isStatus = (value: string): value is RunRow["status"] => statuses.some((status) => status === value);

/** One key is not waited for longer than this: the answer must come within the time of a blink. */
const restMs = 80;

/** What narrows the table, and how it is shown. */
export function RunsToolbar({ list }: { readonly list: RunList }): ReactNode {
  const [{ search, status, name, group, columns }, setView] = useViewState(runsView);
  const choosable = list.columns.map((column) => ({ ...column, isFixed: column.id === "name" }));
  return (
    <Toolbar>
      <DraftSearch
        label="Find by name, id, model or config"
        restMs={restMs}
        value={search}
        onChange={(words) => setView({ search: words, offset: 0 })}
      />
      <FilterMenu
        label="Status"
        options={statuses.map((value) => ({ value, count: list.facets.status[value] ?? 0 }))}
        chosen={status}
        onChange={(chosen) => setView({ status: chosen.filter(isStatus), offset: 0 }, "push")}
      />
      <FilterMenu
        label="Experiment"
        options={nameOptions(list, name)}
        chosen={name}
        onChange={(chosen) => setView({ name: chosen, offset: 0 }, "push")}
      />
      <Switch
        label="Group seeds"
        isOn={group === "seeds"}
        onChange={(isOn) => setView({ group: isOn ? "seeds" : "none", expanded: [], offset: 0 }, "push")}
      />
      <ColumnChooser
        columns={choosable}
        shown={shownIds(choosable, columns)}
        onChange={(ids) => setView({ columns: chosenIds(choosable, ids) })}
      />
      <SavedViews />
    </Toolbar>
  );
}

/** Those that there are, and those chosen that there are no more. */
function nameOptions({ facets }: RunList, chosen: readonly string[]): { value: string; count: number }[] {
  const names = new Set([...Object.keys(facets.name), ...chosen]);
  return [...names].toSorted().map((value) => ({ value, count: facets.name[value] ?? 0 }));
}
