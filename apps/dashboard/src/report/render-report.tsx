import { createHash } from "node:crypto";
import type { ReportData } from "@litmus/api";
import { renderToStaticMarkup } from "react-dom/server";
import { runLabel } from "../format/run-label.ts";
import { moveStyles } from "./move-styles.ts";
import { ReportPage } from "./report-page.tsx";
import { styleText } from "./style-text.ts";

/** Control characters, halves of characters, and marks that reorder or hide what stands beside them. */
const unsafe = /(?![\t\n\r])\p{Cc}|[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|\p{Cs}/gu;

/**
 * The report of a run as one HTML file: no script, nothing loaded, and a policy that allows its own style alone. Equal data gives an
 * equal file.
 */
export function renderReport(data: ReportData): string {
  const { markup, rules } = moveStyles(renderToStaticMarkup(<ReportPage data={data} />));
  const style = `${styleText}\n${rules}`;
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const { id, name } = data.run.run;
  const head = renderToStaticMarkup(
    <>
      <meta charSet="utf-8" />
      <meta httpEquiv="Content-Security-Policy" content={policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <title>{`${runLabel(name, id)} · Litmus run report`}</title>
    </>,
  );
  return [
    "<!doctype html>",
    '<html lang="en">',
    `<head>${visible(head)}<style>${style}</style></head>`,
    `<body>${visible(markup)}</body>`,
    "</html>\n",
  ].join("\n");
}

const visible = (markup: string): string => markup.replace(unsafe, "\uFFFD");
