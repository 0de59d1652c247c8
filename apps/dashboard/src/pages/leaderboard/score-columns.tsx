import type { Leaderboard, LeaderboardEntry, UncountedEstimate } from "@litmus/api";
import { IntervalBar } from "../../components/charts/interval-bar.tsx";
import { PassAtK } from "../../components/charts/pass-at-k.tsx";
import type { DefaultedColumn } from "../../components/table/chosen-columns.ts";
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
}

const exactMatch: ScoreColumn = {
  id: "exactMatch",
  label: "Exact match",
  hint: "Share of the questions whose greedy answer equals a golden one, with its 95 % interval. The dashed line is the best baseline's.",
  unit: "share",
  of: (entry) => entry.exactMatch,
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
  return [scoreColumn(exactMatch, board), sampledColumn(board), passAtKColumn(board), scoreColumn(goldRecall, board)];
}

/** What the policies cost, drawn likewise. */
export const costColumns = (board: Shown): PolicyColumn[] => costs.map((cost) => scoreColumn(cost, board));

function scoreColumn({ id, label, hint, unit, of }: ScoreColumn, { baselines, entries }: Shown): PolicyColumn {
  const all = [...baselines, ...entries].map(of);
  const domain = unit === "share" ? shareDomain(all) : numberDomain(all);
  const reference = baselines[0] === undefined ? null : (of(baselines[0])?.value ?? null);
  return {
    id,
    label,
    hint,
    isSortable: true,
    isDefault: true,
    firstOrder: unit === "share" ? "descending" : "ascending",
    widthRem,
    cell: (entry) => <IntervalBar isStacked estimate={of(entry)} {...{ unit, domain, reference }} />,
  };
}

function sampledColumn({ baselines, entries }: Shown): PolicyColumn {
  const domain = shareDomain([...baselines, ...entries].map(({ sampled }) => sampled?.exactMatch ?? null));
  const reference = baselines[0]?.sampled?.exactMatch.value ?? null;
  return {
    id: "sampled",
    label: "Exact match, sampled",
    hint: "Mean over the scored ones of k samples of each question at temperature 1; those that failed are counted under Failed.",
    widthRem,
    isSortable: true,
    firstOrder: "descending",
    isDefault: true,
    cell: ({ sampled }) => (
      <IntervalBar isStacked estimate={sampled?.exactMatch ?? null} unit="share" {...{ domain, reference }} />
    ),
  };
}

function passAtKColumn({ baselines, entries }: Shown): PolicyColumn {
  const domain = shareDomain([...baselines, ...entries].map(({ sampled }) => sampled?.passAtK ?? null));
  const reference = baselines[0]?.sampled?.passAtK.value ?? null;
  return {
    id: "passAtK",
    label: "Pass@k",
    hint: "Share of the questions that at least one of the k samples answers, of those whose k samples were all scored: n can be smaller than beside it.",
    widthRem: widthRem + 2,
    isDefault: true,
    cell: ({ sampled }) => <PassAtK sampled={sampled} {...{ domain, reference }} />,
  };
}
