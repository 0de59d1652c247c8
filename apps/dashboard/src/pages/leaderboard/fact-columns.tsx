import type { LeaderboardEntry } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Hash } from "../../components/text/hash.tsx";
import { formatDate } from "../../format/date.ts";
import { formatCount, formatPercent } from "../../format/number.ts";
import { HashesPopover, hashMeanings, hashNames } from "./hashes-popover.tsx";
import type { HashName } from "./hashes-popover.tsx";
import styles from "./leaderboard.module.css";
import { policyName } from "./policy-name.ts";
import { RankCell } from "./rank-cell.tsx";
import type { PolicyColumn } from "./score-columns.tsx";

export const rankColumn: PolicyColumn = {
  id: "rank",
  label: "Rank",
  hint: "One more than the policies that are ahead by more than chance. Ranks tie, as in 2=, where the 95 % interval of the paired difference holds 0. A policy of which nothing was scored, or whose version was chosen on these questions, has none and counts in nobody's.",
  widthRem: 6.5,
  isSortable: true,
  isFixed: true,
  isDefault: true,
  cell: (entry) => <RankCell entry={entry} />,
};

/** What a score is worth nothing without: it stands before what the policy cost. */
export const trustColumns: readonly PolicyColumn[] = [
  {
    id: "failed",
    label: "Failed",
    hint: "Questions whose episode or scoring failed: left out of the scores, never scored 0; then the samples that failed. Where none failed, the 95 % upper bound of their share (rule of three).",
    widthRem: 9.5,
    align: "end",
    isWrapping: true,
    isSortable: true,
    firstOrder: "descending",
    isDefault: true,
    cell: (entry) => <Failed entry={entry} />,
  },
  {
    id: "trajectories",
    label: "Trajectories",
    widthRem: 7.5,
    isDefault: true,
    cell: (entry) => <TrajectoriesLink entry={entry} />,
  },
  {
    id: "hashes",
    label: "Provenance",
    hint: "Hashes of everything that the score depends on.",
    widthRem: 7.5,
    isDefault: true,
    cell: (entry) => <HashesPopover entry={entry} />,
  },
];

/** What else is known of a policy. */
export const factColumns: readonly PolicyColumn[] = [
  {
    id: "seeds",
    label: "Seeds",
    hint: "Seeds of the runs with the same config, this one's first. One seed says nothing of the next.",
    widthRem: 7,
    isDefault: true,
    cell: ({ seeds }) => `${formatCount(seeds.length)}${seeds.length === 0 ? "" : ` (${seeds.join(", ")})`}`,
  },
  {
    id: "createdAt",
    label: "Evaluated",
    widthRem: 9.5,
    isSortable: true,
    firstOrder: "descending",
    isDefault: true,
    cell: ({ createdAt }) => formatDate(createdAt),
  },
  { id: "model", label: "Model", widthRem: 14, isDefault: false, cell: ({ model }) => model },
  { id: "engine", label: "Sampler", widthRem: 9, isDefault: false, cell: ({ engine }) => engine },
  { id: "retriever", label: "Retriever", widthRem: 11, isDefault: false, cell: ({ retriever }) => retriever },
  { id: "prompt", label: "Prompt", widthRem: 11, isDefault: false, cell: ({ prompt }) => prompt },
  {
    id: "scorer",
    label: "Scorer",
    hint: "Its version: scores of two versions are not compared.",
    widthRem: 18,
    isDefault: false,
    cell: ({ hashes }) => hashes.scorer,
  },
  ...hashNames.map(hashColumn),
];

function hashColumn(name: HashName): PolicyColumn {
  return {
    id: `hash.${name}`,
    label: `Hash of ${name}`,
    hint: hashMeanings[name],
    widthRem: 9,
    isDefault: false,
    cell: ({ hashes }) => <Hash value={hashes[name]} label={name} />,
  };
}

interface EntryProps {
  readonly entry: LeaderboardEntry;
}

function Failed({ entry: { failed, failureBound, exactMatch, sampled } }: EntryProps): ReactNode {
  const detail =
    failed === 0 && failureBound !== null
      ? `< ${formatPercent(failureBound)}`
      : `of ${formatCount(failed + exactMatch.n)}`;
  return (
    <>
      {formatCount(failed)} <span className={styles.detail}>{detail}</span>
      {sampled !== null && sampled.failed > 0 && (
        <span className={styles.detail}>, samples {formatCount(sampled.failed)}</span>
      )}
    </>
  );
}

function TrajectoriesLink({ entry }: EntryProps): ReactNode {
  const { runId, stage, step } = entry;
  return (
    <Link
      to="/runs/$runId"
      params={{ runId }}
      search={{ tab: "trajectories", stage, step, purpose: "evaluation" }}
      aria-label={`Read the trajectories behind the score of ${policyName(entry)}`}
    >
      Read them
    </Link>
  );
}
