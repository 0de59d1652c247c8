import { sha256 } from "@litmus/core";
import { html, type Markup } from "./markup.ts";
import { curvesSection } from "./report-curves.ts";
import type { ReportData } from "./report-data.ts";
import { limitsSection, settingsSection } from "./report-footer.ts";
import { reportHeader, verdictSection } from "./report-header.ts";
import { scoresSection } from "./report-scores.ts";
import { failuresSection, stepsSection } from "./report-steps.ts";
import { trajectoriesSection } from "./report-trajectory.ts";
import { style } from "./style.ts";

/** Written as one piece: the content policy names the hash of exactly this text. */
const styleElement: Markup = { markup: `<style>${style}</style>` };

/** Nothing is loaded or run: no script, no image, and no style but our own. */
function contentPolicy(): string {
  const hash = Buffer.from(sha256(style), "hex").toString("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

/**
 * One page that shows a run: verdict, curves, scores with intervals, steps, failures, trajectories, settings, limits.
 * Self-contained HTML without script; every text of the run is escaped. Equal data gives an equal page.
 */
export function renderReport(data: ReportData): string {
  const sections: readonly Markup[] = [
    reportHeader(data),
    verdictSection(data),
    curvesSection(data),
    scoresSection(data),
    stepsSection(data),
    failuresSection(data),
    trajectoriesSection(data),
    limitsSection(data),
    settingsSection(data),
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${data.run.name} – Litmus run report</title>
        ${styleElement}
      </head>
      <body>
        <main>
          ${sections}
          <footer class="quiet">Research only, never clinical advice.</footer>
        </main>
      </body>
    </html> `;
  return page.markup;
}
