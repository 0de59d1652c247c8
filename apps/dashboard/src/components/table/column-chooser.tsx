import type { ReactNode } from "react";
import { Button } from "../controls/button.tsx";
import { CheckList } from "../controls/check-list.tsx";
import { Popover } from "../overlays/popover.tsx";
import type { Column } from "./column.ts";

export interface ColumnChooserProps {
  readonly columns: readonly Pick<Column<never>, "id" | "label" | "isFixed">[];
  /** Ids of the columns shown; fixed ones are shown in any case. */
  readonly shown: readonly string[];
  readonly onChange: (shown: string[]) => void;
}

/** Which columns a table shows. */
export function ColumnChooser({ columns, shown, onChange }: ColumnChooserProps): ReactNode {
  const free = columns.filter(({ isFixed = false }) => !isFixed);
  return (
    <Popover trigger={<Button icon="columns">Columns</Button>} label="Columns">
      <CheckList
        label="Columns"
        options={free.map(({ id, label }) => ({ value: id, label }))}
        chosen={shown}
        onChange={onChange}
        isRequired
      />
    </Popover>
  );
}
