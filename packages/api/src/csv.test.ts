import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leaderboardCsv, runsCsv, seriesCsv, toCsv } from "./csv.ts";
import type { LeaderboardEntry } from "./views/leaderboard.ts";
import type { RunRow } from "./views/runs.ts";
import type { Series } from "./views/series.ts";

/** A reader of RFC 4180 that knows nothing of the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("toCsv", () => {
  it("gives back any texts to a reader of RFC 4180", () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\r", "\n", "ü", " ") });
    const table = fc.integer({ min: 1, max: 4 }).chain((n) => fc.array(fc.array(text, { minLength: n, maxLength: n })));
    fc.assert(
      fc.property(table, (rows) => {
        const readable = rows.map((row) => row.map((cell) => (/^[\t\r]/.test(cell) ? `'${cell}` : cell)));
        expect(readCsv(toCsv(["h"], rows)).slice(1)).toEqual(readable);
      }),
    );
  });

  it("keeps a spreadsheet from taking a text for a formula, and leaves numbers as they are", () => {
    expect(toCsv(["a", "b"], [["=HYPERLINK(1)", -1.5]])).toBe("a,b\r\n'=HYPERLINK(1),-1.5\r\n");
    expect(toCsv(["a"], [[null], [true]])).toBe("a\r\n\r\ntrue\r\n");
  });
});

const entry: LeaderboardEntry = {
  id: "r:grpo:3",
  runId: "r",
  runName: "r",
  stage: "grpo",
  step: 3,
  split: "test",
  version: 5,
  rank: 1,
  unranked: null,
  ties: 0,
  chosenOn: null,
  kind: "trained",
  isBaseline: false,
  model: "m",
  engine: "llama-cpp",
  retriever: "bm25",
  prompt: "short-v1",
  seeds: [1, 2],
  failed: 0,
  failureBound: 0.3,
  createdAt: "2026-01-01T00:00:00.000Z",
  exactMatch: { value: 0.375, n: 64, ci95: { low: 0.27, high: 0.5 } },
  sampled: null,
  goldRecall: { value: 0.5, n: 64, ci95: null },
  searchesPerQuestion: { value: 1, n: 64, ci95: null },
  tokensPerCorrect: { value: 80, n: 64, ci95: null },
  secondsPerCorrect: { value: null, n: 0, ci95: null },
  byCategory: { genes: { value: 1, n: 2, ci95: { low: 0.3, high: 1 } } },
  hashes: { checkpoint: "c", model: null, data: "d", prompt: null, index: "i", config: "k", scorer: "s" },
};

describe("leaderboardCsv", () => {
  it("holds every number of an entry under its name", () => {
    const set = { id: "set", name: "mini", split: "test", questions: 64, dataSha256: "d", scorer: "s", policies: 1 };
    const [header = [], row = []] = readCsv(leaderboardCsv({ set, entries: [entry], categories: ["genes"] }));
    const cells = Object.fromEntries(header.map((name, i) => [name, row[i]]));
    expect(new Set(header).size).toBe(header.length);
    expect(cells).toMatchObject({
      rank: "1",
      unranked: "",
      run: "r",
      exactMatch: "0.375",
      exactMatch_n: "64",
      exactMatch_ci95_low: "0.27",
      secondsPerCorrect: "",
      sampled_k: "",
      "exactMatch[genes]_ci95_high": "1",
      seeds: "1 2",
      data_hash: "d",
      evaluation_set: "set",
    });
  });

  it("says why a policy has no rank", () => {
    const unranked = { ...entry, rank: null, unranked: "chosen-on-these-questions", chosenOn: "test" } as const;
    const [header = [], row = []] = readCsv(leaderboardCsv({ set: null, entries: [unranked], categories: [] }));
    const cells = ["rank", "unranked", "chosen_on"].map((name) => row[header.indexOf(name)]);
    expect(cells).toEqual(["", "chosen-on-these-questions", "test"]);
  });
});

describe("seriesCsv", () => {
  it("says of every point whether others of its curve were left out", () => {
    const curve = (metric: string, isDownsampled: boolean): Series => ({
      source: "r",
      runIds: ["r"],
      metric,
      x: [1, 9],
      y: [0.5, null],
      low: null,
      high: null,
      n: null,
      stage: ["grpo", "grpo"],
      step: [1, 9],
      total: isDownsampled ? 9 : 2,
      isDownsampled,
      notFinite: 1,
    });
    const series = [curve("loss", true), curve("reward", false)];
    const [header = [], ...rows] = readCsv(seriesCsv({ x: "step", series }));
    const at = header.indexOf("downsampled");
    expect(rows.map((row) => [row[1], row[at]])).toEqual([
      ["loss", "true"],
      ["loss", "true"],
      ["reward", "false"],
      ["reward", "false"],
    ]);
  });
});

describe("runsCsv", () => {
  const column = { label: "", kind: "text", group: "run", hint: "", isDefault: true } as const;
  const columns = ["name", "id", "metric.reward"].map((id) => ({ ...column, id }));
  const row: RunRow = { id: "r", name: "a", status: "finished", members: [], cells: {}, n: {} };

  it("names every column once, also the run's id where it is chosen", () => {
    const cells = { name: "a", id: "r", "metric.reward": 0.5 };
    expect(runsCsv({ columns, rows: [{ ...row, cells }] })).toBe("id,name,metric.reward\r\nr,a,0.5\r\n");
  });

  it("says over how many runs a mean is", () => {
    const grouped = { ...row, cells: { "metric.reward": 0.5 }, n: { "metric.reward": 2 } };
    const alone = { ...row, id: "s", cells: { "metric.reward": 1 } };
    expect(runsCsv({ columns, rows: [grouped, alone] })).toBe(
      "id,metric.reward,metric.reward_n\r\nr,0.5,2\r\ns,1,\r\n",
    );
  });
});
