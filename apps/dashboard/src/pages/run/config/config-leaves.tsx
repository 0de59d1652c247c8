import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { DraftSearch } from "../../../components/controls/draft-search.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { formatCount } from "../../../format/number.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";
import { LeafTable } from "./leaf-table.tsx";

/** Every key of the config with its value, found by their words. */
export function ConfigLeaves({ leaves }: Pick<RunView["config"], "leaves">): ReactNode {
  const [{ find }, change] = useViewState(runView);
  const wanted = find.toLowerCase();
  const shown = leaves.filter(({ path, value }) => `${path} ${value}`.toLowerCase().includes(wanted));
  return (
    <Panel
      title="Config"
      description={`${formatCount(shown.length)} of ${formatCount(leaves.length)} keys, defaults included.`}
      actions={<DraftSearch label="Find in the config" value={find} onChange={(words) => change({ find: words })} />}
      isFlush
    >
      <LeafTable leaves={shown} />
    </Panel>
  );
}
