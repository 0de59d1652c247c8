import type { RunList, RunRow } from "@litmus/api";

/** A line of the table: a run or a group of seeds, or one run of a group beneath it. */
export interface TableRow {
  /** Unique in the table. */
  readonly key: string;
  readonly row: RunRow;
  readonly role: "row" | "member" | "baseline";
}

export interface RowSources {
  readonly list: Pick<RunList, "rows" | "baseline">;
  /** Ids of the rows whose runs are shown. */
  readonly expanded: readonly string[];
  /** Every run by itself, by its id; a run that is not there is shown without values. */
  readonly runs: ReadonlyMap<string, RunRow>;
}

/** The baseline on top, then the rows, each with its runs beneath it where it is expanded. */
export function tableRows({ list, expanded, runs }: RowSources): TableRow[] {
  const { rows, baseline } = list;
  const others = rows.filter(({ id }) => id !== baseline?.id);
  const withMembers = (row: RunRow, role: "row" | "baseline"): TableRow[] => [
    { key: `${role}:${row.id}`, row, role },
    ...(expanded.includes(row.id) ? membersOf(row, runs) : []),
  ];
  return [
    ...(baseline === null ? [] : withMembers(baseline, "baseline")),
    ...others.flatMap((row) => withMembers(row, "row")),
  ];
}

function membersOf(row: RunRow, runs: ReadonlyMap<string, RunRow>): TableRow[] {
  return row.members.map((member) => ({
    key: `member:${member.id}`,
    row: runs.get(member.id) ?? blank(row.name, member),
    role: "member",
  }));
}

const blank = (name: string, member: RunRow["members"][number]): RunRow => ({
  id: member.id,
  name,
  status: member.status,
  members: [member],
  cells: {},
  n: {},
});
