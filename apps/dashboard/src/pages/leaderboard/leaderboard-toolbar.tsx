import { policyKinds } from "@litmus/api";
import type { Leaderboard, policyKinds as Kinds } from "@litmus/api";
import type { ReactNode } from "react";
import { DraftSearch } from "../../components/controls/draft-search.tsx";
import { FilterMenu } from "../../components/controls/filter-menu.tsx";
import { Select } from "../../components/controls/select.tsx";
import { Switch } from "../../components/controls/switch.tsx";
import { Toolbar } from "../../components/controls/toolbar.tsx";
import { chosenIds, shownIds } from "../../components/table/chosen-columns.ts";
import { ColumnChooser } from "../../components/table/column-chooser.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { policyColumns } from "./policy-columns.ts";
import { leaderboardView } from "./search.ts";

const whichOptions = [
  { value: "last", label: "last of each stage" },
  { value: "all", label: "all" },
] as const;

type PolicyKind = (typeof Kinds)[number];
const isKind = (value: string): value is PolicyKind => policyKinds.some((kind) => kind === value);

/** What narrows the table, and how it is shown. */
export function LeaderboardToolbar({ board }: { readonly board: Leaderboard }): ReactNode {
  const [{ search, kind, which, byCategory, columns }, setView] = useViewState(leaderboardView);
  const all = policyColumns(board);
  return (
    <Toolbar>
      <DraftSearch label="Find a policy" value={search} onChange={(words) => setView({ search: words, offset: 0 })} />
      <FilterMenu
        label="Kind"
        options={policyKinds.map((value) => ({ value }))}
        chosen={kind}
        onChange={(kinds) => setView({ kind: kinds.filter(isKind), offset: 0 }, "push")}
      />
      <Select
        label="Evaluations"
        value={which}
        options={whichOptions}
        onChange={(next) => setView({ which: next, offset: 0 }, "push")}
      />
      {board.categories.length > 0 && (
        <Switch label="By category" isOn={byCategory} onChange={(isOn) => setView({ byCategory: isOn }, "push")} />
      )}
      {!byCategory && (
        <ColumnChooser
          columns={all}
          shown={shownIds(all, columns)}
          onChange={(ids) => setView({ columns: chosenIds(all, ids) })}
        />
      )}
    </Toolbar>
  );
}
