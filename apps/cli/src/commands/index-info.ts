import { resolve } from "node:path";
import { openIndex } from "@litmus/retrieval";
import { createReporter } from "../output/create-reporter.ts";

/** `litmus index info`. */
export async function indexInfo(folder: string, options: { readonly json: boolean }): Promise<void> {
  const index = await openIndex(resolve(folder), { preset: "anserini" });
  const { manifest } = index;
  const text = Object.entries(manifest).map(
    ([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`,
  );
  createReporter(options.json).result({ type: "index", ...manifest }, text.join("\n"));
  await index.close();
}
