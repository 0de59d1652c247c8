import { html, type Fragment, type Markup } from "./markup.ts";
import { count, decimal, scientific } from "./number-format.ts";
import type { ReportData, ReportStep } from "./report-data.ts";
import { table } from "./table.ts";

const columns = [
  "step",
  "reward",
  "exact match",
  "KL, nats a token",
  "searches",
  "tokens",
  "seconds",
  "failed",
  "groups without variance",
  "learning rate",
  "gradient norm",
];

function stepRow(step: ReportStep): Fragment[] {
  return [
    count(step.step),
    decimal(step.reward),
    decimal(step.exactMatch),
    scientific(step.meanKl),
    decimal(step.searchesPerEpisode, 2),
    count(step.tokens),
    decimal(step.seconds, 1),
    count(step.failures),
    count(step.zeroVarianceGroups),
    scientific(step.learningRate),
    decimal(step.gradientNorm),
  ];
}

const healthColumns = [
  "step",
  "entropy, nats a token",
  "valid actions",
  "tokens an episode",
  "clipped",
  "weight, mean",
  "weight, deviation",
  "effective share",
  "groups dropped",
  "updates",
  "refused",
];

function healthRow(step: ReportStep): Fragment[] {
  return [
    count(step.step),
    decimal(step.entropy),
    decimal(step.validActions),
    decimal(step.tokensPerEpisode, 1),
    decimal(step.clipFraction),
    decimal(step.weightMean),
    decimal(step.weightDeviation),
    decimal(step.effectiveShare),
    count(step.droppedGroups),
    count(step.updates),
    count(step.refusedUpdates),
  ];
}

const fewSteps = 15;

/** Two tables of one row a step, results and health; folded where there are many. */
export function stepsSection({ steps }: ReportData): Markup {
  const content = html`${table({ caption: "Training steps", columns, rows: steps.map(stepRow) })}
  ${table({ caption: "Health of each step; weights are importance weights of trainer against sampler", columns: healthColumns, rows: steps.map(healthRow) })}`;
  const folded = html`<details>
    <summary>All ${count(steps.length)} steps</summary>
    ${content}
  </details>`;
  return html`<section aria-labelledby="steps">
    <h2 id="steps">Training steps</h2>
    ${steps.length === 0 ? html`<p class="quiet">No training step is stored.</p>` : steps.length > fewSteps ? folded : content}
  </section>`;
}

/** What failed, by boundary and code. */
export function failuresSection({ failures }: ReportData): Markup {
  const rows = failures.map((failure) => [failure.boundary, html`<code>${failure.code}</code>`, count(failure.count)]);
  const content =
    rows.length === 0
      ? html`<p class="quiet">No episode failed.</p>`
      : table({
          caption: "Failed episodes: left out of every score and update",
          columns: ["boundary", "code", "episodes"],
          rows,
        });
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failures</h2>
    ${content}
  </section>`;
}
