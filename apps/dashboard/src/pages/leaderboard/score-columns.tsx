import type { Leaderboard, LeaderboardEntry, UncountedEstimate } from "@litmus/api";
import { IntervalBar } from "../../components/charts/interval-bar.tsx";
import type { DefaultedColumn } from "../../components/table/chosen-columns.ts";
import { formatCount } from "../../format/number.ts";
import { numberDomain, shareDomain } from "./common-domain.ts";

export type PolicyColumn = DefaultedColumn<LeaderboardEntry>;

/** Of a score whose numbers stand under its bar. */
export const widthRem = 13;

interface ScoreColumn {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly unit: "share" | "number";
  readonly of: (entry: LeaderboardEntry) => UncountedEstimate | null;
  /** What else belongs to the number, after n. */
  readonly noteOf?: (entry: LeaderboardEntry) => string;
  /** {@link widthRem} unless told. */
  readonly wide?: number;
  /** Whether the server sorts by it; it does unless told. */
  readonly isSortable?: boolean;
}

const exactMatch: ScoreColumn = {
  id: "exactMatch",
  label: "Exact match",
  hint: "Share of the questions whose greedy answer equals a golden one, with its 95 % interval. The dashed line is the best baseline's.",
  unit: "share",
  of: (entry) => entry.exactMatch,
};
const sampled: ScoreColumn = {
  id: "sampled",
  label: "Exact match, sampled",
  hint: "Mean over the scored ones of k samples of each question at temperature 1; those that failed are counted under Failed.",
  unit: "share",
  of: (entry) => entry.sampled?.exactMatch ?? null,
};
const passAtK: ScoreColumn = {
  id: "passAtK",
  label: "Pass@k",
  hint: "Share of the questions that at least one of the k samples answers, of those whose k samples were all scored: n can be smaller than beside it.",
  unit: "share",
  of: (entry) => entry.sampled?.passAtK ?? null,
  noteOf: (entry) => `k ${formatCount(entry.sampled?.k ?? null)}`,
  wide: widthRem + 2,
  isSortable: false,
};
const goldRecall: ScoreColumn = {
  id: "goldRecall",
  label: "Gold record recall",
  hint: "Share of the questions with known gold records for which a search showed one.",
  unit: "share",
  of: (entry) => entry.goldRecall,
};
const costs: readonly ScoreColumn[] = [
  {
    id: "searchesPerQuestion",
    label: "Searches per question",
    hint: "Mean over the scored questions.",
    unit: "number",
    of: (entry) => entry.searchesPerQuestion,
  },
  {
    id: "tokensPerCorrect",
    label: "Tokens per correct answer",
    hint: "Sampled tokens of all scored questions over the right ones.",
    unit: "number",
    of: (entry) => entry.tokensPerCorrect,
  },
  {
    id: "secondsPerCorrect",
    label: "Seconds per correct answer",
    hint: "Wall clock of all scored episodes over the right ones: of that machine, under that load.",
    unit: "number",
    of: (entry) => entry.secondsPerCorrect,
  },
];

type Shown = Pick<Leaderboard, "baselines" | "entries">;

/** Scores on scales that all rows share, each beside the best baseline's. */
export function scoreColumns(board: Shown): PolicyColumn[] {
  return [exactMatch, sampled, passAtK, goldRecall].map((score) => scoreColumn(score, board));
}

/** What the policies cost, drawn likewise. */
export const costColumns = (board: Shown): PolicyColumn[] => costs.map((cost) => scoreColumn(cost, board));

function scoreColumn(score: ScoreColumn, { baselines, entries }: Shown): PolicyColumn {
  const { id, label, hint, unit, of, noteOf, wide = widthRem, isSortable = true } = score;
  const all = [...baselines, ...entries].map(of);
  const domain = unit === "share" ? shareDomain(all) : numberDomain(all);
  const reference = baselines[0] === undefined ? null : (of(baselines[0])?.value ?? null);
  return {
    id,
    label,
    hint,
    isSortable,
    isDefault: true,
    firstOrder: unit === "share" ? "descending" : "ascending",
    widthRem: wide,
    cell: (entry) => (
      <IntervalBar
        isStacked
        estimate={of(entry)}
        {...{ unit, domain, reference }}
        {...(noteOf === undefined ? {} : { note: noteOf(entry) })}
      />
    ),
  };
}
