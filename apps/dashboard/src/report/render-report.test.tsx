import type { ReportData } from "@litmus/api";
import { hostileTexts } from "@litmus/testing/seed";
import { describe, expect, it } from "vitest";
import { metricInfo, runViewOf, series } from "../testing/run-views.ts";
import { hit, trajectoryView, turnView } from "../testing/trajectory-views.ts";
import { moveStyles } from "./move-styles.ts";
import { renderReport } from "./render-report.tsx";

const estimate = { value: 0.4, n: 100, ci95: { low: 0.31, high: 0.5 } };
const reportData = (patch: Partial<ReportData> = {}): ReportData => ({
  run: runViewOf({
    metrics: [
      metricInfo(),
      metricInfo({ name: "evaluation.exactMatch", label: "Exact match, held out", unit: "share", group: "evaluation" }),
    ],
    evaluations: [
      {
        runId: "run-1",
        stage: "grpo",
        step: 3,
        split: "test",
        version: 3,
        exactMatch: estimate,
        sampled: { k: 4, exactMatch: estimate, passAtK: estimate, failed: 2 },
        goldRecall: estimate,
        searchesPerQuestion: 1.5,
        sampledTokens: 210,
        failed: 1,
        byCategory: { gene: estimate },
      },
    ],
    gains: [
      {
        from: "base",
        to: "grpo",
        measure: "greedy",
        n: 100,
        difference: 0.1,
        ci95: { low: 0.02, high: 0.18 },
        isGain: true,
        sentence: "GRPO changed greedy exact match by +0.100.",
      },
    ],
    alarms: [{ severity: "warning", name: "no-searches", message: "It searches no more.", stage: "grpo", step: 3 }],
    failures: [
      {
        boundary: "retrieval",
        code: "search-timed-out",
        message: "no answer in 5 s",
        count: 1,
        share: 0.01,
        examples: ["t-9"],
      },
    ],
    stopReasons: { "train/completed": 63 },
    manifest: { model: "a".repeat(64) },
    limits: ["The corpus was written for this data set."],
  }),
  series: {
    x: "step",
    series: [
      series(),
      series({ metric: "evaluation.exactMatch", x: [3], y: [0.4], low: [0.31], high: [0.5], step: [3] }),
    ],
  },
  samples: [
    trajectoryView({
      turns: [
        turnView({
          search: {
            query: "cytokine",
            durationMs: 3,
            failure: null,
            hits: [hit({ isGold: true, cut: true }), hit({ recordId: "own-1", rank: 2, url: null })],
          },
        }),
      ],
    }),
    trajectoryView({
      id: "t-2",
      reward: null,
      answer: null,
      ending: { type: "failed", boundary: "timeout", code: "deadline", message: "60 s passed" },
    }),
  ],
  ...patch,
});

const nothing = reportData({
  run: runViewOf({ metrics: [], run: { ...runViewOf().run, status: "interrupted", finishedAt: null } }),
  series: { x: "step", series: [] },
  samples: [],
});

/** Members that are closed lists, or are sure not to be a text of a run. */
const structural = new Set([
  "status",
  "type",
  "severity",
  "purpose",
  "idSpace",
  "group",
  "measure",
  "boundary",
  "unit",
  "metric",
]);

/** The same data with every free text replaced by the next one. */
function withTexts(value: unknown, next: () => string, key = ""): unknown {
  if (typeof value === "string") return structural.has(key) || /At$|url/.test(key) ? value : next();
  if (Array.isArray(value)) return value.map((item) => withTexts(item, next, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTexts(member, next, name)]));
}

const attacked = (texts: readonly string[], from: number): string => {
  let place = from;
  return renderReport(withTexts(reportData(), () => `${texts[place++ % texts.length]}`) as ReportData);
};

/** Elements with the names of their attributes, in order. */
const skeleton = (page: string): string[] =>
  (page.replace(/<style>.*?<\/style>/su, "").match(/<[^>]*>/gu) ?? []).map((tag) => tag.replace(/="[^"]*"/gu, ""));

describe("the report", () => {
  const page = renderReport(reportData());

  it("shows each part of a run", () => {
    for (const text of [
      "Did it learn?",
      "GRPO changed greedy exact match by +0.100.",
      "It searches no more.",
      "Progress and cost",
      "Exact match, held out",
      "40.0 %",
      "search-timed-out",
      "Which cytokine rises first in sepsis?",
      "cut to fit",
      "gold record found",
      "Not scored: a failed episode has no reward.",
      "The corpus was written for this data set.",
      "never clinical advice",
      "a".repeat(64),
    ])
      expect(page).toContain(text);
  });

  it("draws an evaluation as a point with its interval", () => {
    const chart = /aria-label="Exact match, held out by step.*?<\/svg>/su.exec(page)?.[0] ?? "";
    expect(chart.match(/stroke-width="1.5"/gu)).toHaveLength(1);
  });

  it("equals itself for equal data", () => {
    expect(renderReport(reportData())).toBe(page);
  });

  it("equals itself in every time zone, and names the one it writes", () => {
    const before = process.env["TZ"];
    const inZone = (zone: string): string => {
      process.env["TZ"] = zone;
      return renderReport(reportData());
    };
    try {
      expect(inZone("Asia/Tokyo")).toBe(inZone("America/New_York"));
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
    expect(page).toMatch(/begun <time[^>]*>2026-01-01 \d\d:\d\d UTC/u);
  });

  it("begins a curve where it begins, as the page does, and ends all where the run is", () => {
    const late = reportData({ series: { x: "step", series: [series({ x: [900, 950], y: [1, 2] })] } });
    const chart = /aria-label="Reward by step.*?<\/svg>/su.exec(renderReport(late))?.[0] ?? "";
    // The first point stands at the left end of the axis.
    expect(chart).toContain('d="M44.0 ');
  });

  it("runs nothing, loads nothing, and links to PubMed alone", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<form|<button|\son[a-z]+="|\sstyle="|@import|url\(/iu);
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/gu)].map(([, address]) => address);
    expect(new Set(addresses)).toEqual(new Set(["https://pubmed.ncbi.nlm.nih.gov/12345/"]));
  });

  it("names every part that another names, once", () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]*)"/gu)) expect(ids).toContain(id);
  });

  const rounds = Array.from({ length: 8 }, (_, round) => round * 13);

  it("holds no element of a text's making, and shows what would hide or reorder text", () => {
    for (const from of rounds) {
      const page = attacked(hostileTexts, from);
      expect(page).not.toMatch(/<(?:script|iframe|img|base|math|textarea|object|embed|form)/iu);
      expect(page).not.toMatch(/(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u);
    }
  });

  it("keeps its elements whatever its texts are", () => {
    // A text that is long, or shows nothing, is drawn in another way.
    const texts = hostileTexts.filter((text) => text.length < 60 && /\p{Letter}/u.test(text));
    const plain = skeleton(attacked(["plain text", "another"], 0));
    for (const from of rounds) expect(skeleton(attacked(texts, from))).toEqual(plain);
  });

  it("of a run that came to nothing says so", () => {
    const interrupted = renderReport(nothing);
    for (const text of [
      "This run is interrupted: the report shows what is stored so far.",
      "No step is stored",
      "No evaluation yet",
      "Nothing failed",
      "No evaluation is stored",
    ])
      expect(interrupted).toContain(text);
    expect(interrupted).not.toMatch(/NaN|undefined|Infinity/u);
  });
});

describe("moveStyles", () => {
  it("makes one rule of equal attributes", () => {
    expect(moveStyles('<a style="width:1px"></a><b style="width:1px" title="x"></b>')).toEqual({
      markup: '<a data-style="0"></a><b data-style="0" title="x"></b>',
      rules: '[data-style="0"]{width:1px}',
    });
  });

  it("refuses what could end its rule", () => {
    expect(() => moveStyles('<a style="width:1px}*{color:red"></a>')).toThrow("cannot be moved");
  });
});
