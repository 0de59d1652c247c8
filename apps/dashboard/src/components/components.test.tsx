// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createQueryClient } from "../api/query-client.ts";
import type { ChartSeries } from "./charts/chart-series.ts";
import { CurveSvg } from "./charts/curve-svg.tsx";
import { IntervalBar } from "./charts/interval-bar.tsx";
import { LineChart } from "./charts/line-chart.tsx";
import { Checkbox } from "./controls/checkbox.tsx";
import { ExportMenu } from "./controls/export-menu.tsx";
import { FilterMenu } from "./controls/filter-menu.tsx";
import { Select } from "./controls/select.tsx";
import { Switch } from "./controls/switch.tsx";
import { Tabs } from "./controls/tabs.tsx";
import { ErrorState } from "./layout/error-state.tsx";
import { KeyValueList } from "./layout/key-value-list.tsx";
import { Panel } from "./layout/panel.tsx";
import { QueryState } from "./layout/query-state.tsx";
import { Stat, StatList } from "./layout/stat.tsx";
import { StatusBadge } from "./layout/status-badge.tsx";
import { Dialog } from "./overlays/dialog.tsx";
import { Hint } from "./overlays/hint.tsx";
import { Menu } from "./overlays/menu.tsx";
import { ColumnChooser } from "./table/column-chooser.tsx";
import { Pagination } from "./table/pagination.tsx";
import { CodeBlock } from "./text/code-block.tsx";
import { CopyLink } from "./text/copy-link.tsx";
import { Hash } from "./text/hash.tsx";

afterEach(cleanup);

const series: ChartSeries[] = [
  { id: "a", label: "run a", slot: 0, x: [1, 2, 3], y: [0.1, null, 0.3], low: [0, null, 0.2], high: [0.2, null, 0.4] },
  { id: "b", label: "run b", slot: 1, x: [1, 3], y: [0.5, 0.7] },
];
const hostile = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;

describe("controls", () => {
  it("name what they do and tell what was chosen", () => {
    const [choose, check, turn] = [vi.fn(), vi.fn(), vi.fn()];
    render(
      <>
        <Select
          label="x"
          value="step"
          options={[
            { value: "step", label: "Step" },
            { value: "time", label: "Time" },
          ]}
          onChange={choose}
        />
        <Checkbox label="Baselines" isChecked={false} isMixed onCheckedChange={check} />
        <Switch label="Smooth" isOn onChange={turn} />
      </>,
    );
    fireEvent.change(screen.getByLabelText("x"), { target: { value: "time" } });
    fireEvent.click(screen.getByLabelText("Baselines"));
    fireEvent.click(screen.getByRole("switch", { name: "Smooth" }));
    expect([choose.mock.calls, check.mock.calls, turn.mock.calls]).toEqual([[["time"]], [[true]], [[false]]]);
  });

  it("change tabs", () => {
    const change = vi.fn();
    const tabs = [
      { value: "curves", label: "Curves", content: "the curves" },
      { value: "config", label: "Config", content: "the config" },
    ];
    render(<Tabs label="Parts of the run" tabs={tabs} value="curves" onChange={change} />);
    expect(screen.getByRole("tabpanel").textContent).toBe("the curves");
    fireEvent.click(screen.getByRole("tab", { name: "Config" }));
    expect(change).toHaveBeenCalledWith("config");
  });

  it("filter by any number of values, in the order of the options", () => {
    const change = vi.fn();
    const options = [{ value: "failed", count: 2 }, { value: "finished" }, { value: "running" }];
    render(<FilterMenu label="Status" options={options} chosen={["running"]} onChange={change} />);
    fireEvent.click(screen.getByRole("button", { name: /Status/ }));
    fireEvent.click(screen.getByLabelText("failed"));
    expect(change).toHaveBeenCalledWith(["failed", "running"]);
    fireEvent.click(screen.getByRole("button", { name: "Clear" }));
    expect(change).toHaveBeenLastCalledWith([]);
  });

  it("choose columns, but not fixed ones", () => {
    const change = vi.fn();
    const columns = [
      { id: "name", label: "Name", isFixed: true },
      { id: "reward", label: "Reward" },
      { id: "kl", label: "KL" },
    ];
    render(<ColumnChooser columns={columns} shown={["reward", "kl"]} onChange={change} />);
    fireEvent.click(screen.getByRole("button", { name: "Columns" }));
    expect(screen.queryByLabelText("Name")).toBeNull();
    fireEvent.click(screen.getByLabelText("Reward"));
    expect(change).toHaveBeenCalledWith(["kl"]);
  });

  it("keep the last column that can be chosen", () => {
    const columns = [
      { id: "name", label: "Name", isFixed: true },
      { id: "reward", label: "Reward" },
      { id: "kl", label: "KL" },
    ];
    render(<ColumnChooser columns={columns} shown={["name", "kl"]} onChange={() => undefined} />);
    fireEvent.click(screen.getByRole("button", { name: "Columns" }));
    expect(screen.getByLabelText("KL").hasAttribute("disabled")).toBe(true);
    expect(screen.getByLabelText("Reward").hasAttribute("disabled")).toBe(false);
    expect(screen.getByText("The last one stays: choose another first.")).toBeDefined();
  });

  it("page through rows", () => {
    const go = vi.fn();
    render(<Pagination offset={50} limit={50} total={120} noun="runs" onOffset={go} />);
    expect(screen.getByText("51–100 of 120 runs")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Next page" }));
    fireEvent.click(screen.getByRole("button", { name: "Previous page" }));
    expect(go.mock.calls).toEqual([[100], [0]]);
  });

  it("say why an export failed", async () => {
    const load = (): Promise<string> => Promise.reject(Object.assign(new Error("no answer"), { code: "unavailable" }));
    render(
      <QueryClientProvider client={createQueryClient()}>
        <ExportMenu formats={[{ label: "CSV", fileName: "runs.csv", load }]} />
      </QueryClientProvider>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Export" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "CSV" }));
    expect((await screen.findByRole("alert")).textContent).toMatch(/^No answer\. Check that litmus serve/);
  });
});

describe("overlays", () => {
  it("open, are named, and close", async () => {
    const open = vi.fn();
    render(
      <Dialog title="Stop this run?" trigger={<button type="button">Stop</button>} onOpenChange={open}>
        It keeps what it has.
      </Dialog>,
    );
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    const dialog = await screen.findByRole("dialog", { name: "Stop this run?" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Close" }));
    expect(open.mock.calls.map(([isOpen]) => isOpen)).toEqual([true, false]);
  });

  it("explain a word by a press", async () => {
    render(<Hint text="Whole normal form equal">exact match</Hint>);
    fireEvent.click(screen.getByRole("button", { name: "exact match" }));
    expect(await screen.findByText("Whole normal form equal")).toBeDefined();
  });

  it("offer actions", async () => {
    const pin = vi.fn();
    render(<Menu trigger={<button type="button">More</button>} items={[{ label: "Pin", onSelect: pin }]} />);
    fireEvent.click(screen.getByRole("button", { name: "More" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Pin" }));
    expect(pin).toHaveBeenCalledOnce();
  });
});

describe("what is shown", () => {
  it("takes every text as text", () => {
    const { container } = render(
      <>
        <Panel title={hostile}>{hostile}</Panel>
        <CodeBlock label="answer" text={hostile} />
        <KeyValueList items={[{ key: hostile, value: hostile }]} />
        <Hash value={hostile} label="data" />
        <ErrorState error={new Error(hostile)} />
      </>,
    );
    expect(container.querySelectorAll("img, script")).toHaveLength(0);
    expect(screen.getAllByText(hostile).length).toBeGreaterThanOrEqual(4);
  });

  it("tells an error with where it was and what to do, and tries again", () => {
    const retry = vi.fn();
    const error = Object.assign(new Error("no run x"), {
      code: "not-found",
      path: "/api/runs/x",
      hint: "look at /runs",
    });
    render(<ErrorState error={error} onRetry={retry} />);
    expect(screen.getByRole("alert").textContent).toMatch(/No run x.*at \/api\/runs\/x.*Look at \/runs/);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it("tells all that was wrong with an answer on demand", () => {
    const error = Object.assign(new Error("another form"), { code: "incompatible", detail: "at runs[0].name" });
    render(<ErrorState error={error} />);
    const details = screen.getByText("All that was wrong").closest("details");
    expect([details?.open, details?.textContent]).toEqual([false, expect.stringContaining("at runs[0].name")]);
  });

  it("keeps what was known beneath an error", () => {
    const refetch = vi.fn();
    const query = { data: "known", error: new Error("down"), isPlaceholderData: false, refetch };
    render(<QueryState query={query}>{(data) => <p>{data}</p>}</QueryState>);
    expect(screen.getByRole("alert")).toBeDefined();
    expect(screen.getByText("known")).toBeDefined();
  });

  it("writes scores with their interval and number", () => {
    const estimate = { value: 0.375, n: 128, ci95: { low: 0.312, high: 0.441 } };
    const { container } = render(
      <StatList>
        <Stat label="Exact match" value={<IntervalBar estimate={estimate} unit="share" />} detail="last step" />
      </StatList>,
    );
    expect(container.querySelector("dd")?.textContent).toBe("37.5 % (31.2–44.1) n 128");
    expect(render(<IntervalBar estimate={null} unit="share" />).container.textContent).toBe("–");
  });

  it("names states and links in words", () => {
    render(
      <>
        <StatusBadge status="interrupted" />
        <CopyLink />
      </>,
    );
    expect(screen.getByText("interrupted")).toBeDefined();
    expect(screen.getByRole("button", { name: "Copy a link to this view" })).toBeDefined();
  });
});

describe("charts", () => {
  it("have a table of the same points, of the shown series", () => {
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        observe(): void {}
        disconnect(): void {}
      },
    );
    render(
      <LineChart title="Reward" series={series} xLabel="step" hidden={new Set(["b"])} onToggle={() => undefined} />,
    );
    expect(screen.getByRole("button", { name: "run b" }).getAttribute("aria-pressed")).toBe("false");
    fireEvent.click(screen.getByRole("button", { name: "Show Reward as a table" }));
    const rows = screen.getAllByRole("row").map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).toEqual([
      ["step", "run a", "run a: low", "run a: high"],
      ["1", "0.100", "0", "0.200"],
      ["2", "–", "–", "–"],
      ["3", "0.300", "0.200", "0.400"],
    ]);
  });

  it("are drawn without a browser", () => {
    const svg = renderToStaticMarkup(<CurveSvg label="Reward by step" series={series} />);
    expect(svg).toMatch(/^<svg role="img" aria-label="Reward by step"/);
    expect(svg).toContain("var(--series-1)");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("of nothing have no points and no errors", () => {
    const svg = renderToStaticMarkup(<CurveSvg label="Nothing yet" series={[]} />);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});
