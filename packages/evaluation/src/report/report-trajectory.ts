import type { Problem, RewardComponent, SearchCall, ShownHit, Turn } from "@litmus/core";
import { html, type Markup } from "./markup.ts";
import { count, decimal, none } from "./number-format.ts";
import type { ReportData, ReportSample } from "./report-data.ts";
import { prose, table } from "./table.ts";

const longText = 1500;

/** Enough of a text to read; says how much is left out. */
function clip(text: string): string {
  return text.length <= longText
    ? text
    : `${text.slice(0, longText)} … (${count(text.length - longText)} more characters)`;
}

interface Context {
  readonly problem: Problem | null;
  readonly cited: readonly string[];
  readonly idSpace: ReportData["idSpace"];
}

/** A PMID links to PubMed; any other id is text. */
export function recordLink(id: string, idSpace: ReportData["idSpace"]): Markup {
  if (idSpace !== "pubmed" || !/^[1-9]\d{0,8}$/u.test(id)) return html`<code>${id}</code>`;
  return html`<a href="https://pubmed.ncbi.nlm.nih.gov/${id}/" rel="noopener noreferrer">PMID ${id}</a>`;
}

function hit({ recordId, rank, score, title, shownText, cut }: ShownHit, { problem, cited, idSpace }: Context): Markup {
  const isGold = problem?.goldRecordIds.includes(recordId) === true;
  return html`<li>
    <p class="hit-head">${count(rank)}. <strong>${title}</strong></p>
    <p class="quiet">
      ${recordLink(recordId, idSpace)} · score ${decimal(score, 2)}
      ${isGold ? html`<span class="tag gold">gold record</span>` : null}
      ${cited.includes(recordId) ? html`<span class="tag">cited</span>` : null}
      ${cut ? html`<span class="tag cut">cut to fit</span>` : null}
    </p>
    <p class="shown">${clip(shownText)}${cut ? html`<span class="cut-mark"> ✂</span>` : null}</p>
  </li>`;
}

function search(call: SearchCall, context: Context): Markup {
  const outcome =
    call.failure === null
      ? `${count(call.hits.length)} shown`
      : `failed: ${call.failure.boundary}/${call.failure.code}`;
  return html`<div class="search">
    <p>
      <span class="label">query</span> <q>${call.query}</q>
      <span class="quiet">${outcome}, ${decimal(call.durationMs, 0)} ms</span>
    </p>
    ${call.failure === null ? null : html`<p class="failure">${call.failure.message}</p>`}
    ${
      call.hits.length === 0
        ? null
        : html`<ol class="hits">
            ${call.hits.map((one) => hit(one, context))}
          </ol>`
    }
  </div>`;
}

function actionLine({ action }: Turn): Markup {
  switch (action.type) {
    case "search":
      return html`search`;
    case "answer":
      return html`answer`;
    case "malformed":
      return html`malformed: ${action.reason}`;
    default:
      return action satisfies never;
  }
}

function turn(one: Turn, context: Context): Markup {
  return html`<li class="turn">
    <h4>
      Turn ${count(one.index + 1)} · ${actionLine(one)}
      <span class="quiet">${count(one.sampledTokens)} tokens written by the policy</span>
    </h4>
    <pre>${clip(one.actionText)}</pre>
    ${one.search === null ? null : search(one.search, context)}
  </li>`;
}

const componentRow = ({ name, score, weight, detail }: RewardComponent) => [
  name,
  decimal(score, 2),
  decimal(weight, 2),
  decimal(score * weight, 2),
  prose(detail),
];

function reward({ entry }: ReportSample): Markup {
  const { outcome } = entry.trajectory;
  const failure = outcome.type === "failed" ? outcome.failure : entry.rewardFailure;
  if (failure !== null)
    return html`<p class="failure">Not scored: ${failure.boundary}/${failure.code}, ${failure.message}</p>`;
  if (entry.reward === null) return html`<p class="failure">Not scored.</p>`;
  const rows = entry.reward.components.map(componentRow);
  return html`${table({ caption: `Reward ${decimal(entry.reward.total, 2)}, by ${entry.reward.scorer}`, columns: ["component", "score", "weight", "worth", "what was compared"], rows })}`;
}

/** One trajectory as it went: what the policy wrote, what came back, and why it was paid. */
export function trajectoryView(
  sample: ReportSample,
  { idSpace, isOpen }: { readonly idSpace: ReportData["idSpace"]; readonly isOpen: boolean },
): Markup {
  const { entry, problem } = sample;
  const { trajectory, key } = entry;
  const context: Context = { problem, cited: trajectory.cited, idSpace };
  const verdict = entry.reward === null ? "not scored" : decimal(entry.reward.total, 2);
  const ending =
    trajectory.outcome.type === "stopped" ? trajectory.outcome.reason : `failed: ${trajectory.outcome.failure.code}`;
  return html`<details class="trajectory" ${isOpen ? html` open` : null}>
    <summary><span class="reward">${verdict}</span> ${trajectory.question}</summary>
    <dl class="facts">
      <div>
        <dt>golden answers</dt>
        <dd>${problem === null ? none : problem.goldenAnswers.join(" · ")}</dd>
      </div>
      <div>
        <dt>answer</dt>
        <dd>${trajectory.answer ?? none}</dd>
      </div>
      <div>
        <dt>where</dt>
        <dd>
          ${key.stage}, step ${count(key.step)}, ${key.purpose}, group ${count(key.group)}, member ${count(key.member)}
        </dd>
      </div>
      <div>
        <dt>ended by</dt>
        <dd>${ending}</dd>
      </div>
    </dl>
    <ol class="turns">
      ${trajectory.turns.map((one) => turn(one, context))}
    </ol>
    ${reward(sample)}
  </details>`;
}

/** The sample trajectories, the first one open. */
export function trajectoriesSection({ samples, idSpace }: ReportData): Markup {
  const views = samples.map((sample, i) => trajectoryView(sample, { idSpace, isOpen: i === 0 }));
  return html`<section aria-labelledby="trajectories">
    <h2 id="trajectories">Trajectories</h2>
    ${views.length === 0 ? html`<p class="quiet">No trajectory is stored.</p>` : views}
  </section>`;
}
