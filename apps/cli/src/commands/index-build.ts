import { basename, resolve } from "node:path";
import { readRecords } from "@litmus/corpus";
import { buildIndex } from "@litmus/retrieval";
import { createReporter } from "../output/create-reporter.ts";

interface IndexBuildOptions {
  readonly json: boolean;
  readonly name?: string | undefined;
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly ids: "pubmed" | "own";
}

/** `litmus index build`. */
export async function indexBuild(records: string, folder: string, options: IndexBuildOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const fields = { id: options.id, title: options.title, text: options.text };
  const manifest = await buildIndex({
    records: readRecords({ path: resolve(records), fields, idSpace: options.ids }),
    directory: resolve(folder),
    name: options.name ?? basename(records).replace(/\.jsonl(\.gz)?$/, ""),
    idSpace: options.ids,
    onProgress: ({ phase, records: done }) => reporter.progress(phase, done, null),
  });
  reporter.result(
    { type: "index-built", folder, ...manifest },
    `${manifest.documents} documents in ${folder}, index ${manifest.id.slice(0, 12)}`,
  );
  reporter.close();
}
