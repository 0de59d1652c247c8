import type { Gain } from "../gain.ts";
import { intervalMark, reachOf } from "./interval-mark.ts";
import { html, type Markup } from "./markup.ts";
import { count, none, signed } from "./number-format.ts";
import type { ReportData } from "./report-data.ts";
import { seedCaveat, verdictOf } from "./verdict.ts";

const statusWords: Readonly<Record<ReportData["run"]["status"], string>> = {
  running: "still running",
  interrupted: "interrupted",
  failed: "failed",
  finished: "finished",
};

/** Time as stored, to the minute, in UTC; text that is no time is shown as it is. */
function minute(timestamp: string | null): string {
  if (timestamp === null) return none;
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/u.test(timestamp)
    ? `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)} UTC`
    : timestamp;
}

function fact(name: string, value: Markup | string): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** Name, status, times, seeds, and the hashes of all that the run depends on. */
export function reportHeader({ run, seeds, steps }: ReportData): Markup {
  const hashes = Object.entries(run.manifest).map(([name, hash]) => fact(name, html`<code>${hash}</code>`));
  return html`<header>
    <p class="eyebrow">Litmus run report</p>
    <h1>${run.name}</h1>
    <p><span class="status ${run.status}">${statusWords[run.status]}</span> <code>${run.id}</code></p>
    <dl class="facts">
      ${fact("started", minute(run.createdAt))} ${fact("ended", minute(run.finishedAt))}
      ${fact("training steps", count(steps.length))} ${fact("seeds", seeds.length === 0 ? none : seeds.join(", "))}
    </dl>
    <details>
      <summary>Hashes: config and ${count(hashes.length)} parts</summary>
      <dl class="facts hashes">${fact("config", html`<code>${run.configHash}</code>`)} ${hashes}</dl>
    </details>
  </header>`;
}

function verdictCard(one: Gain, reach: number): Markup {
  const { tone, sentence } = verdictOf(one);
  const mark = intervalMark({ value: one.difference, ci95: one.ci95, low: -reach, high: reach, reference: 0 });
  return html`<div class="verdict ${tone}">
    <p class="figure"><span>${signed(one.difference)}</span> ${mark}</p>
    <p>${sentence}</p>
  </div>`;
}

/** What the run came to, in words, before any table. */
export function verdictSection({ run, gains, evaluations, seeds }: ReportData): Markup {
  const unfinished =
    run.status === "finished"
      ? null
      : html`<p>This run is ${statusWords[run.status]}: the report shows what is stored so far.</p>`;
  const empty =
    evaluations.length === 0
      ? "No evaluation is stored: there is no score to report."
      : "Only one policy was evaluated: there is nothing to compare it with.";
  const reach = reachOf(gains);
  const verdicts = gains.map((one) => verdictCard(one, reach));
  return html`<section aria-labelledby="verdict">
    <h2 id="verdict">What came out</h2>
    ${unfinished}
    ${verdicts.length === 0 ? html`<p class="verdict open">${empty}</p>` : html`<div class="verdicts">${verdicts}</div>`}
    ${gains.length === 0 ? null : html`<p class="quiet">${seedCaveat(seeds)}</p>`}
  </section>`;
}
