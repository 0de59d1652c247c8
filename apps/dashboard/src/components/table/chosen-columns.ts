import type { Column } from "./column.ts";

/** A column that is shown unless columns are chosen. */
export type DefaultedColumn<Row> = Column<Row> & { readonly isDefault: boolean };

/** The ids shown of a choice that an address holds: an empty one stands for the defaults. */
export function shownIds(
  columns: readonly { readonly id: string; readonly isDefault: boolean }[],
  chosen: readonly string[],
): string[] {
  if (chosen.length > 0) return [...chosen];
  return columns.filter(({ isDefault }) => isDefault).map(({ id }) => id);
}

/** The choice as an address holds it: empty where the defaults are shown. */
export function chosenIds(
  columns: readonly { readonly id: string; readonly isDefault: boolean; readonly isFixed?: boolean }[],
  shown: readonly string[],
): string[] {
  const isAsDefault = columns.every(
    ({ id, isDefault, isFixed = false }) => isFixed || shown.includes(id) === isDefault,
  );
  return isAsDefault ? [] : [...shown];
}

/** The columns shown, in their own order; fixed ones in any case. */
export function shownColumns<Row>(
  columns: readonly DefaultedColumn<Row>[],
  chosen: readonly string[],
): DefaultedColumn<Row>[] {
  const shown = new Set(shownIds(columns, chosen));
  return columns.filter(({ id, isFixed = false }) => isFixed || shown.has(id));
}
