import { html, type Markup } from "./markup.ts";
import type { ReportData } from "./report-data.ts";
import { table } from "./table.ts";

const standingLimits: readonly string[] = [
  "For research only, never clinical advice: not for diagnosis, treatment, dosing, triage or any decision about a patient. In an emergency call the emergency services.",
  "Answers can be wrong, and so can the records they rest on: check every answer against its sources.",
  "Exact match counts an answer that is worded otherwise as wrong, and says nothing of reasoning or citations.",
  "Scores hold for these questions, this index and these weights; they are not to be set beside figures from other indexes.",
];

/** What the report cannot say; always shown. */
export function limitsSection({ limits }: ReportData): Markup {
  return html`<section aria-labelledby="limits">
    <h2 id="limits">Limits</h2>
    <ul>
      ${[...standingLimits, ...limits].map((limit) => html`<li>${limit}</li>`)}
    </ul>
  </section>`;
}

/** How each reinforcement stage learned, and the resolved config, as stored. */
export function settingsSection({ run, algorithms }: ReportData): Markup {
  const tables = algorithms.map(({ stage, settings }) =>
    table({ caption: `How ${stage} learned`, columns: ["setting", "value"], rows: Object.entries(settings) }),
  );
  return html`<section aria-labelledby="settings">
    <h2 id="settings">Settings</h2>
    ${tables}
    <details>
      <summary>Resolved config</summary>
      <pre>${JSON.stringify(run.config, null, 2) ?? "null"}</pre>
    </details>
  </section>`;
}
