import type { StageEvaluation } from "../gain.ts";
import { lineChart, type ChartPoint } from "./line-chart.ts";
import { html, type Markup } from "./markup.ts";
import { plural } from "./number-format.ts";
import type { ReportData, ReportStep } from "./report-data.ts";

/** Held-out greedy scores along the training steps: the last one before training at 0, those of the trained stage at their step. */
function heldOutPoints(evaluations: readonly StageEvaluation[]): ChartPoint[] {
  const trained = evaluations.at(-1)?.stage;
  const before = evaluations.findLast(({ stage }) => stage !== trained);
  const along = evaluations.filter(({ stage, step }) => stage === trained && step > 0);
  const point = (x: number, { result }: StageEvaluation): ChartPoint[] =>
    result.exactMatch === null ? [] : [{ x, y: result.exactMatch, ci95: result.ci95 }];
  return [
    ...(before === undefined ? [] : point(0, before)),
    ...along.flatMap((evaluation) => point(evaluation.step, evaluation)),
  ];
}

function rewardChart(steps: readonly ReportStep[]): Markup | null {
  const points = steps.map(({ step, reward, rewardCi95 }) => ({ x: step, y: reward, ci95: rewardCi95 ?? null }));
  return lineChart({
    id: "reward-curve",
    title: "Training reward",
    description: `Mean total reward of each of ${plural(steps.length, "training step")}. The figures are in the table of steps.`,
    xLabel: "step",
    series: [{ name: "mean reward, 95 % band where known", tone: "training", points }],
  });
}

function exactMatchChart(steps: readonly ReportStep[], evaluations: readonly StageEvaluation[]): Markup | null {
  return lineChart({
    id: "exact-match-curve",
    title: "Exact match",
    description:
      "Exact match on training problems at each step, and on held-out questions with 95 % intervals. The figures are in the tables of scores and steps.",
    xLabel: "step",
    series: [
      {
        name: "training problems, sampled",
        tone: "training",
        points: steps.map(({ step, exactMatch }) => ({ x: step, y: exactMatch, ci95: null })),
      },
      { name: "held-out questions, greedy", tone: "heldOut", points: heldOutPoints(evaluations) },
    ],
  });
}

/** Both curves; a sentence where no step is stored. */
export function curvesSection({ steps, evaluations }: ReportData): Markup {
  const charts = steps.length === 0 ? [] : [rewardChart(steps), exactMatchChart(steps, evaluations)];
  return html`<section aria-labelledby="curves">
    <h2 id="curves">Curves</h2>
    ${charts.length === 0 ? html`<p class="quiet">No training step is stored.</p>` : html`<div class="charts">${charts}</div>`}
  </section>`;
}
