import { createHash } from "node:crypto";
import type { RunId } from "@litmus/core";
import { summarizeEvaluation } from "@litmus/evaluation";
import { experimentSchema } from "@litmus/experiment";
import { createVerifier, scorerVersion } from "@litmus/reward";
import { openMemoryStore } from "@litmus/store";
import { seedSmallStore, smallRuns } from "@litmus/testing/seed";
import { beforeAll, describe, expect, it } from "vitest";
import { loadReport } from "./load-report.ts";
import { reportData } from "./report-data.ts";

const verifier = createVerifier();
let page: string;
let again: string;
let scores: unknown[];
beforeAll(async () => {
  const store = await openMemoryStore();
  await seedSmallStore({
    store,
    tools: {
      resolveConfig: (file) => experimentSchema.parse(file),
      verify: (trajectory, { goldenAnswers, goldRecordIds }) =>
        verifier.verify(trajectory, goldenAnswers, goldRecordIds),
      summarize: summarizeEvaluation,
      scorer: scorerVersion,
    },
  });
  const run = { id: smallRuns.finished as RunId };
  const render = await loadReport(() => undefined);
  const data = await reportData(store, run);
  scores = data.samples.map(({ reward }) => reward?.components.find(({ name }) => name === "exactMatch")?.score);
  page = render(data);
  again = render(await reportData(store, run));
  await store.close();
});

describe("the report that is built of the page's components", () => {
  it("is equal for equal rows", () => {
    expect(again).toBe(page);
  });

  it("names the hash of its only style, as a browser computes it", () => {
    const styles = [...page.matchAll(/<style>(.*?)<\/style>/gsu)].map(([, text]) => text ?? "");
    expect(styles).toHaveLength(1);
    const hash = createHash("sha256")
      .update(styles[0] ?? "")
      .digest("base64");
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(page)?.[1]?.replaceAll("&#x27;", "'");
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
  });

  it("holds a rule for every class that it uses, and loads nothing", () => {
    const [head = "", body = ""] = page.split("<body>");
    const classes = new Set([...body.matchAll(/\sclass="([^"]*)"/gu)].flatMap(([, names]) => names?.split(" ") ?? []));
    expect(classes.size).toBeGreaterThan(50);
    for (const name of classes) expect(head).toContain(`.${name}`);
    expect(head).toContain("--paper:");
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\sstyle="/u);
    expect(page.length).toBeLessThan(2_000_000);
  });

  it("shows right answers, wrong ones, then failures, three of each at most", () => {
    const kinds = scores.map((score) => (score === undefined ? "failed" : score === 1 ? "right" : "wrong"));
    const order = ["right", "wrong", "failed"];
    expect(kinds).toEqual(kinds.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(new Set(kinds)).toEqual(new Set(order));
    for (const kind of order) expect(kinds.filter((one) => one === kind).length).toBeLessThanOrEqual(3);
  });
});
