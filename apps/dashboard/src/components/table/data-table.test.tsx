// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

interface Row {
  readonly id: string;
  readonly score: number;
}

const columns: Column<Row>[] = [
  { id: "run", label: "Run", widthRem: 10, isSortable: true, cell: ({ id }) => <a href={`#${id}`}>{id}</a> },
  { id: "score", label: "Score", widthRem: 6, isSortable: true, firstOrder: "descending", cell: ({ score }) => score },
  { id: "note", label: "Note", widthRem: 6, cell: () => "none" },
];
const rows = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: `run-${i}`, score: i }));
const rowId = ({ id }: Row): string => id;
const focusedRow = (): string | null => document.activeElement?.getAttribute("aria-rowindex") ?? null;

describe("DataTable", () => {
  it("says how it is sorted, and asks for the other order", () => {
    const sort = vi.fn();
    render(
      <DataTable
        label="Runs"
        columns={columns}
        rows={rows(3)}
        rowId={rowId}
        sort={{ column: "run", order: "ascending" }}
        onSort={sort}
      />,
    );
    const headers = screen.getAllByRole("columnheader").map((header) => header.getAttribute("aria-sort"));
    expect(headers).toEqual(["ascending", "none", null]);
    fireEvent.click(screen.getByRole("button", { name: "Run" }));
    fireEvent.click(screen.getByRole("button", { name: "Score" }));
    expect(sort.mock.calls).toEqual([
      [{ column: "run", order: "descending" }],
      [{ column: "score", order: "descending" }],
    ]);
  });

  it("goes from row to row with J and K, and Enter follows the first link", () => {
    render(<DataTable label="Runs" isMain columns={columns} rows={rows(3)} rowId={rowId} />);
    const press = (key: string): boolean => fireEvent.keyDown(document.activeElement ?? document.body, { key });
    press("j");
    expect(focusedRow()).toBe("2");
    press("j");
    press("j");
    press("j");
    expect(focusedRow()).toBe("4");
    press("k");
    expect(focusedRow()).toBe("3");
    const follow = vi.fn();
    screen.getByText("run-1").addEventListener("click", follow);
    press("Enter");
    expect(follow).toHaveBeenCalledOnce();
  });

  it("goes on from the row that was clicked", () => {
    render(<DataTable label="Runs" isMain columns={columns} rows={rows(9)} rowId={rowId} />);
    const press = (key: string): boolean => fireEvent.keyDown(document.activeElement ?? document.body, { key });
    act(() => screen.getAllByRole("row")[5]?.focus());
    press("ArrowDown");
    expect(focusedRow()).toBe("7");
    act(() => screen.getByText("run-2").focus());
    press("j");
    expect(focusedRow()).toBe("5");
  });

  it("stays with its row when another comes above it", () => {
    const table = (shown: Row[]): ReactNode => <DataTable label="Runs" columns={columns} rows={shown} rowId={rowId} />;
    const { rerender } = render(table(rows(3)));
    act(() => screen.getAllByRole("row")[2]?.focus());
    rerender(table([{ id: "new", score: 9 }, ...rows(3)]));
    expect(screen.getAllByRole("row").map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, -1, 0, -1]);
    fireEvent.keyDown(document.activeElement ?? document.body, { key: "ArrowDown" });
    expect(document.activeElement?.textContent).toContain("run-2");
  });

  it("lets a field have its letters", () => {
    render(
      <>
        <input aria-label="words" />
        <DataTable label="Runs" isMain columns={columns} rows={rows(3)} rowId={rowId} />
      </>,
    );
    screen.getByLabelText("words").focus();
    fireEvent.keyDown(screen.getByLabelText("words"), { key: "j" });
    expect(focusedRow()).toBeNull();
  });

  it("counts its rows as a page of all", () => {
    render(<DataTable label="Runs" columns={columns} rows={rows(3)} rowId={rowId} offset={50} total={120} />);
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("121");
    expect(screen.getAllByRole("row").map((row) => row.getAttribute("aria-rowindex"))).toEqual(["1", "52", "53", "54"]);
  });

  it("keeps 200 rows in the document, and of more rows or very many cells only those in sight", () => {
    const few = render(<DataTable label="Runs" columns={columns} rows={rows(200)} rowId={rowId} />);
    expect(few.container.querySelectorAll("tr[data-index]")).toHaveLength(200);
    few.unmount();
    const many = render(<DataTable label="Runs" columns={columns} rows={rows(2000)} rowId={rowId} />);
    expect(many.container.querySelectorAll("tr[data-index]").length).toBeLessThan(100);
    many.unmount();
    const wide = Array.from({ length: 30 }, (_, i) => ({ ...(columns[1] as Column<Row>), id: `column-${i}` }));
    const cells = (count: number): number => {
      const { container, unmount } = render(<DataTable label="Runs" columns={wide} rows={rows(count)} rowId={rowId} />);
      const shown = container.querySelectorAll("tr[data-index]").length;
      unmount();
      return shown;
    };
    expect(cells(50)).toBe(50);
    expect(cells(51)).toBeLessThan(50);
  });

  it("keeps its pinned rows in the document and in their own group, wherever it is scrolled to", () => {
    // There is no layout here: the frame is so high, and each row.
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(37);
    vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(74_000);
    render(<DataTable label="Runs" pinned={2} columns={columns} rows={rows(2000)} rowId={rowId} />);
    const frame = screen.getByRole("group", { name: "Runs" });
    frame.scrollTop = 40_000;
    act(() => void fireEvent.scroll(frame));
    const [pinned, others] = screen.getAllByRole("rowgroup").slice(1);
    const indexes = (group: HTMLElement | undefined): number[] =>
      [...(group?.querySelectorAll<HTMLElement>("tr[data-index]") ?? [])].map(({ dataset }) =>
        Number(dataset["index"]),
      );
    expect(indexes(pinned)).toEqual([0, 1]);
    expect(Math.min(...indexes(others))).toBeGreaterThan(50);
    expect(pinned?.querySelectorAll("tr[data-marked]")).toHaveLength(2);
    const heights = [...(others?.querySelectorAll("td[colspan]") ?? [])].map(
      (cell) => (cell as HTMLElement).style.height,
    );
    expect(heights.map(Number.parseFloat).every((px) => px > 0)).toBe(true);
  });

  it("says what stands in place of no rows", () => {
    render(<DataTable label="Runs" columns={columns} rows={[]} rowId={rowId} empty="No runs yet" />);
    expect(screen.getByText("No runs yet")).toBeDefined();
  });
});
