import { describe, expect, it } from "vitest";
import { runList, runRow } from "../../testing/board-views.ts";
import { tableRows } from "./table-rows.ts";

const group = runRow({
  id: "a",
  members: [
    { id: "a", seed: 1, status: "finished" },
    { id: "b", seed: 2, status: "running" },
  ],
  status: "running",
});
const single = runRow({ id: "c" });
const keys = (rows: ReturnType<typeof tableRows>): string[] => rows.map(({ key }) => key);

describe("tableRows", () => {
  it("shows the runs of a row beneath it where it is expanded", () => {
    const list = runList({ rows: [group, single] });
    expect(keys(tableRows({ list, expanded: [], runs: new Map() }))).toEqual(["row:a", "row:c"]);
    const runs = new Map([["b", runRow({ id: "b", cells: { "metric.reward": 0.75 } })]]);
    const rows = tableRows({ list, expanded: ["a"], runs });
    expect(keys(rows)).toEqual(["row:a", "member:a", "member:b", "row:c"]);
    expect(rows[2]?.row.cells).toEqual({ "metric.reward": 0.75 });
    expect(rows[1]?.row).toMatchObject({ id: "a", status: "finished", cells: {} });
  });

  it("puts the baseline on top, once, also where a filter hides it", () => {
    const list = runList({ rows: [single, group], baseline: group });
    expect(keys(tableRows({ list, expanded: [], runs: new Map() }))).toEqual(["baseline:a", "row:c"]);
    const filtered = runList({ rows: [single], baseline: group });
    expect(keys(tableRows({ list: filtered, expanded: [], runs: new Map() }))).toEqual(["baseline:a", "row:c"]);
  });
});
