import type { ReactNode } from "react";
import { Badge } from "../layout/badge.tsx";
import { Popover } from "../overlays/popover.tsx";
import { Button } from "./button.tsx";
import { CheckList } from "./check-list.tsx";
import type { CheckListProps } from "./check-list.tsx";

/** Values to filter by; none chosen is no filter. The button says how many are. */
export function FilterMenu(props: CheckListProps): ReactNode {
  const { label, chosen, onChange } = props;
  const trigger = (
    <Button icon="filter">
      {label}
      {chosen.length > 0 && <Badge tone="info">{chosen.length}</Badge>}
    </Button>
  );
  return (
    <Popover trigger={trigger} label={label}>
      <CheckList {...props} />
      <Button tone="quiet" disabled={chosen.length === 0} onClick={() => onChange([])}>
        Clear
      </Button>
    </Popover>
  );
}
