import { ruleOfThree } from "@litmus/algorithms";
import type { Gain, StageEvaluation } from "../gain.ts";
import type { Score } from "../evaluation-result.ts";
import { intervalMark, reachOf } from "./interval-mark.ts";
import { html, type Fragment, type Markup } from "./markup.ts";
import { count, decimal, interval, none, signed, signedInterval, stageName } from "./number-format.ts";
import type { ReportData } from "./report-data.ts";
import { prose, table } from "./table.ts";

/** Below this, a group of questions says too little for a comparison. */
const fewQuestions = 30;

const mark = ({ exactMatch, ci95, n }: Score): Markup =>
  intervalMark({ value: exactMatch, ci95: n === 0 ? null : ci95, low: 0, high: 1 });
const range = ({ ci95, n }: Score): string => (n === 0 ? none : interval(ci95));
const label = ({ stage, step, split }: StageEvaluation): string =>
  `${stageName(stage)}${step > 0 ? `, step ${step}` : ""} · ${split}`;

/** Which policy, and how it was asked: two lines of one cell, so that the score stays beside it on narrow screens. */
const heading = (evaluation: StageEvaluation, asked: string): Markup =>
  html`${label(evaluation)}<br /><span class="quiet">${asked}</span>`;

function scoreRows(evaluation: StageEvaluation): Fragment[][] {
  const { result } = evaluation;
  const { sampled } = result;
  const cells = (score: Score, failed: number): Fragment[] => [
    decimal(score.exactMatch),
    range(score),
    mark(score),
    count(score.n),
    count(failed),
  ];
  const greedy = [heading(evaluation, "greedy"), ...cells(result, result.failed), none];
  if (sampled === null) return [greedy];
  const passAtK = sampled.passAtK === null ? none : `${decimal(sampled.passAtK)} (k = ${sampled.k})`;
  return [greedy, [heading(evaluation, `sampled, mean of ${sampled.k}`), ...cells(sampled, sampled.failed), passAtK]];
}

function conductRow(evaluation: StageEvaluation): Fragment[] {
  const { result } = evaluation;
  const reasons = Object.entries(result.stopReasons).map(([reason, n]) => `${reason} ${count(n)}`);
  return [
    label(evaluation),
    decimal(result.format),
    decimal(result.searchesPerEpisode, 2),
    decimal(result.goldRecall),
    decimal(result.answerInObservation),
    count(result.sampledTokens),
    decimal(result.medianAnswerWords, 1),
    prose(reasons.length === 0 ? none : reasons.join(", ")),
  ];
}

function gainRow({ from, to, measure, n, difference, ci95, isGain }: Gain, reach: number): Fragment[] {
  const decision = isGain ? "gain" : ci95 !== null && ci95.high < 0 ? "loss" : "not a gain";
  return [
    `${stageName(from)} → ${stageName(to)}`,
    measure,
    signed(difference),
    signedInterval(ci95),
    intervalMark({ value: difference, ci95, low: -reach, high: reach, reference: 0 }),
    count(n),
    decision,
  ];
}

function groupRows(groups: Readonly<Record<string, Score>>): Fragment[][] {
  return Object.entries(groups).map(([name, score]) => {
    const few = score.n < fewQuestions ? html` <span class="tag">few</span>` : null;
    return [[name, few], decimal(score.exactMatch), range(score), mark(score), count(score.n)];
  });
}

function breakdown(evaluation: StageEvaluation): Markup {
  const { byCategory, byParaphrase } = evaluation.result;
  const columns = ["questions", "exact match", "95 % interval", "", "n"];
  const rows = [...groupRows(byCategory), ...groupRows(byParaphrase)];
  return html`<details>
    <summary>By kind of question: ${label(evaluation)}</summary>
    ${table({ caption: "Greedy exact match by category and paraphrase", columns, rows })}
    <p class="quiet">“few”: under ${fewQuestions} questions, not enough to compare groups.</p>
  </details>`;
}

function noFailureNote(evaluations: readonly StageEvaluation[]): Markup | null {
  const asked = evaluations.reduce((sum, { result }) => sum + result.n + result.failed, 0);
  const failed = evaluations.reduce((sum, { result }) => sum + result.failed, 0);
  if (asked === 0 || failed > 0) return null;
  return html`<p class="quiet">
    No greedy episode failed; with ${count(asked)} asked, a failure rate up to ${decimal(100 * ruleOfThree(asked), 2)} %
    is not excluded.
  </p>`;
}

/** Scores with intervals, gains, conduct, and the breakdown of the last evaluation. */
export function scoresSection({ evaluations, gains }: ReportData): Markup {
  const last = evaluations.at(-1);
  if (last === undefined)
    return html`<section aria-labelledby="scores">
      <h2 id="scores">Scores</h2>
      <p class="quiet">No evaluation is stored.</p>
    </section>`;
  const reach = reachOf(gains);
  const scores = {
    columns: ["policy · questions", "exact match", "95 % interval", "0 to 1", "n", "failed", "pass@k"],
    rows: evaluations.flatMap(scoreRows),
  };
  const gainTable = {
    columns: [
      "policies",
      "asked",
      "difference",
      "95 % interval",
      `−${decimal(reach, 1)} to +${decimal(reach, 1)}`,
      "n",
      "so it is",
    ],
    rows: gains.map((one) => gainRow(one, reach)),
  };
  const conduct = {
    columns: [
      "policy · questions",
      "format",
      "searches",
      "gold shown",
      "answer shown",
      "tokens",
      "answer words",
      "stopped by",
    ],
    rows: evaluations.map(conductRow),
  };
  return html`<section aria-labelledby="scores">
    <h2 id="scores">Scores on held-out questions</h2>
    ${table({ caption: "Exact match", ...scores })} ${noFailureNote(evaluations)}
    ${gains.length === 0 ? null : table({ caption: "Change of exact match, paired over the same questions", ...gainTable })}
    ${table({ caption: "How the policy went about it (greedy, means of an episode)", ...conduct })} ${breakdown(last)}
    <p class="quiet">
      Scorer <code>${last.result.scorer ?? none}</code>. Intervals: Wilson for scores, paired bootstrap for differences.
      Failed episodes are counted, never scored 0.
    </p>
  </section>`;
}
