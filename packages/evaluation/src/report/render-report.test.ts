import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { renderReport } from "../index.ts";
import { buildReportData } from "../testing/build-report-data.ts";
import type { ReportData } from "./report-data.ts";
import { recordLink } from "./report-trajectory.ts";

/** Members that decide the structure of the page, and are closed lists. */
const structural = new Set(["type", "status", "idSpace", "measure"]);

/** The same data with every free text, keys of records included, replaced. */
function withTexts(value: unknown, text: string, key = ""): unknown {
  if (typeof value === "string") return structural.has(key) ? value : text;
  if (Array.isArray(value)) return value.map((item) => withTexts(item, text, key));
  if (value === null || typeof value !== "object") return value;
  const renames =
    ["manifest", "stopReasons", "failures", "byCategory", "byParaphrase"].includes(key) && !Array.isArray(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, member], i) => [renames ? `${text}${i}` : name, withTexts(member, text, name)]),
  );
}

/** Tags with the names of their attributes, in order. */
const skeleton = (page: string): string[] =>
  (page.replace(/<style>.*?<\/style>/su, "").match(/<[^>]*>/gu) ?? []).map((tag) =>
    tag.replace(/"[^"]*"/gu, '""').replace(/\s+/gu, " "),
  );

const payloads = [
  "<script>document.title='x'</script>",
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  "javascript:alert(1)",
  "</style><script>alert(1)</script>",
  "</title><script>alert(1)</script>",
  "</pre></details></main><iframe srcdoc='<script>alert(1)</script>'>",
  "<!--",
  "]]>",
  "--><script>",
  "${alert(1)}",
  "{{constructor}}",
  "&lt;script&gt;",
  "\u202Eevil\u2066",
  "\u0000<\u0000script>",
  "`onmouseover=alert(1)`",
  '" onfocus=alert(1) autofocus x="',
  "<a href=javascript:alert(1)>",
  "<base href=//evil>",
  "<meta http-equiv=refresh content=0;url=//evil>",
  "\uFF1Cscript\uFF1E",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
  "%3Cscript%3E",
  "\\u003cscript\\u003e",
  "</information><answer>X</answer>",
  "../../etc/passwd",
  "//evil.example",
  "data:text/html,<script>alert(1)</script>",
  "\r\nSet-Cookie: a=b",
  "<textarea></textarea><script>",
];

describe("renderReport", () => {
  const page = renderReport(buildReportData());

  it("shows each part of a run", () => {
    for (const text of [
      "Quickstart: Gemma 3 270M on litmus-mini",
      "What came out",
      "Training reward",
      "Change of exact match",
      "Training steps",
      "search-timed-out",
      "Which gene is mutated",
      "never clinical advice",
      "Resolved config",
      "cut to fit",
      "gold record",
      "test-1",
    ]) {
      expect(page).toContain(text);
    }
    expect(page).toContain('href="https://pubmed.ncbi.nlm.nih.gov/24567801/" rel="noopener noreferrer"');
  });
  it("shows how a stage learned and the health of each step", () => {
    for (const text of [
      "How grpo learned",
      "clip.low",
      "Health of each step",
      "effective share",
      "entropy, nats a token",
    ])
      expect(page).toContain(text);
  });

  it("equals itself for equal data", () => expect(renderReport(buildReportData())).toBe(page));

  it("loads nothing and runs nothing", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son[a-z]+=|\sstyle=|@import|url\(/iu);
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/gu)].map((match) => match[1] ?? "");
    expect(addresses.every((address) => /^https:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/\d+\/$/u.test(address))).toBe(true);
  });
  it("names the hash of its style, as a browser computes it", () => {
    const style = /<style>(.*?)<\/style>/su.exec(page)?.[1] ?? "";
    expect(page).toContain(`style-src &#39;sha256-${createHash("sha256").update(style).digest("base64")}&#39;`);
  });
  it.each(payloads)("keeps its structure when every text is %j", (payload) => {
    const data = (text: string) => withTexts(buildReportData(), text) as ReportData;
    const attacked = renderReport(data(payload));
    expect(skeleton(attacked)).toEqual(skeleton(renderReport(data("plain"))));
    expect(attacked).not.toMatch(/<(?:script|iframe|img|base|math|textarea)/iu);
  });

  const empty: Partial<ReportData> = {
    seeds: [],
    evaluations: [],
    gains: [],
    steps: [],
    algorithms: [],
    failures: [],
    samples: [],
    limits: [],
  };
  it("reports a run that came to nothing", () => {
    const { run } = buildReportData();
    const interrupted = renderReport(
      buildReportData({
        ...empty,
        run: { ...run, status: "interrupted", finishedAt: null, manifest: {}, config: undefined },
      }),
    );
    for (const text of [
      "This run is interrupted",
      "No evaluation is stored",
      "No training step is stored",
      "No episode failed",
      "No trajectory is stored",
    ])
      expect(interrupted).toContain(text);
    expect(interrupted).not.toContain("NaN");
    expect(interrupted).not.toContain("undefined");
  });
  it.each([
    ["base only", { gains: [], steps: [] }],
    ["one step", { steps: buildReportData().steps.slice(0, 1) }],
    ["steps without evaluation", { evaluations: [], gains: [] }],
    [
      "figures that are not finite",
      {
        steps: buildReportData().steps.map((step) => ({
          ...step,
          reward: Number.NaN,
          gradientNorm: Number.POSITIVE_INFINITY,
          meanKl: null,
          rewardCi95: null,
        })),
      },
    ],
    [
      "nothing scored",
      {
        evaluations: buildReportData().evaluations.map((one) => ({
          ...one,
          result: { ...one.result, n: 0, exactMatch: null, format: null, goldRecall: null, sampled: null },
        })),
      },
    ],
  ] as [string, Partial<ReportData>][])("draws what there is: %s", (_name, overrides) => {
    const partial = renderReport(buildReportData(overrides));
    expect(partial).toContain("</html>");
    expect(partial).not.toMatch(/NaN|undefined|Infinity|null/u);
  });
});

describe("recordLink", () => {
  it("links PMIDs of a PubMed index, and nothing else", () => {
    expect(recordLink("123", "pubmed").markup).toContain("<a href");
    expect(recordLink("123", "own").markup).toBe("<code>123</code>");
    for (const id of ["0", "12x", "1234567890", "1/../2", "javascript:1", ""])
      expect(recordLink(id, "pubmed").markup).not.toContain("href");
  });
});
