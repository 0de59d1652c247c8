import type { RunEvaluation } from "@litmus/api";
import { IntervalBar } from "../../../components/charts/interval-bar.tsx";
import type { Column } from "../../../components/table/column.ts";
import { PageLink } from "../../../components/text/page-link.tsx";
import { formatCompact, formatCount, formatNumber } from "../../../format/number.ts";

/** Of a score whose numbers stand under its bar. */
const scoreRem = 13;

/** The scores of a run's evaluations; the first column leads to the trajectories behind them. */
export function evaluationColumns(runId: string): Column<RunEvaluation>[] {
  return [
    {
      id: "stage",
      label: "After",
      widthRem: 9.5,
      cell: ({ stage, step }) => (
        <PageLink
          to="/runs/$runId"
          params={{ runId }}
          search={{ tab: "trajectories", stage, step, purpose: "evaluation" }}
        >
          {stage}, step {formatCount(step)}
        </PageLink>
      ),
    },
    { id: "split", label: "Split", widthRem: 5, cell: ({ split }) => split },
    {
      id: "version",
      label: "Version",
      hint: "Of the policy: 0 is the base, every published adapter is one higher.",
      widthRem: 5.5,
      align: "end",
      cell: ({ version }) => formatCount(version),
    },
    {
      id: "exactMatch",
      label: "Exact match, greedy",
      hint: "Share of the questions whose answer equals a golden one; failures are counted apart.",
      widthRem: scoreRem,
      cell: ({ exactMatch }) => <IntervalBar isStacked estimate={exactMatch} unit="share" />,
    },
    {
      id: "sampled",
      label: "Exact match, sampled",
      hint: "Mean over the scored samples of each question, drawn at the training's temperature.",
      widthRem: scoreRem,
      cell: ({ sampled }) => <IntervalBar isStacked estimate={sampled?.exactMatch ?? null} unit="share" />,
    },
    {
      id: "passAtK",
      label: "Pass at k",
      hint: "Share of the questions of which at least one of k samples was right, of those whose k samples were all scored.",
      widthRem: scoreRem + 2,
      cell: ({ sampled }) => (
        <IntervalBar
          isStacked
          estimate={sampled?.passAtK ?? null}
          unit="share"
          note={`k ${formatCount(sampled?.k ?? null)}`}
        />
      ),
    },
    {
      id: "goldRecall",
      label: "Gold recall",
      hint: "Share of the questions with known gold records for which a search showed one.",
      widthRem: scoreRem,
      cell: ({ goldRecall }) => <IntervalBar isStacked estimate={goldRecall} unit="share" />,
    },
    {
      id: "searches",
      label: "Searches",
      hint: "For each question.",
      widthRem: 6.5,
      align: "end",
      cell: ({ searchesPerQuestion }) => formatNumber(searchesPerQuestion, 2),
    },
    {
      id: "tokens",
      label: "Tokens",
      hint: "Sampled for each question.",
      widthRem: 6,
      align: "end",
      cell: ({ sampledTokens }) => formatCompact(sampledTokens),
    },
    {
      id: "failed",
      label: "Failed",
      hint: "Questions whose greedy episode or its scoring failed: left out, never scored 0.",
      widthRem: 6,
      align: "end",
      cell: ({ failed }) => formatCount(failed),
    },
    {
      id: "failedSamples",
      label: "Failed samples",
      hint: "Samples whose episode or its scoring failed: left out, never scored 0.",
      widthRem: 9,
      align: "end",
      cell: ({ sampled }) => formatCount(sampled?.failed ?? null),
    },
  ];
}
