import { resolve } from "node:path";
import { LitmusError, type SearchHit } from "@litmus/core";
import { openIndex } from "@litmus/retrieval";
import { createReporter } from "../output/create-reporter.ts";

interface IndexSearchOptions {
  readonly json: boolean;
  readonly top: string;
  readonly preset: "anserini" | "elasticsearch";
}

/** `litmus index search`. */
export async function indexSearch(folder: string, query: string, options: IndexSearchOptions): Promise<void> {
  const topK = Number(options.top);
  if (!Number.isInteger(topK) || topK < 1 || topK > 1000)
    throw new LitmusError("invalid-input", `--top ${options.top} is not a whole number from 1 to 1000`, {
      path: "--top",
    });
  const index = await openIndex(resolve(folder), { preset: options.preset });
  const outcome = await index.search([query], { topK });
  await index.close();
  if (!outcome.ok) throw new LitmusError("unavailable", outcome.failure.message, { path: folder });
  const hits = outcome.value[0] ?? [];
  createReporter(options.json).result(
    { type: "hits", query, hits },
    hits.length === 0 ? "no hits" : hits.map(hitText).join("\n\n"),
  );
}

function hitText({ rank, score, recordId, title, text }: SearchHit): string {
  const excerpt = text.length > 300 ? `${text.slice(0, 300)} …` : text;
  return `${rank}. [${recordId}] ${title} (${score.toFixed(4)})\n${excerpt}`;
}
