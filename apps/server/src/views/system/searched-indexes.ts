import type { SystemView } from "@litmus/api";
import type { RunRecord } from "@litmus/core";
import { z } from "zod";
import type { Catalogue } from "../../reads/run-catalogue.ts";

/** What NLM asks of those who show its records. @see https://www.nlm.nih.gov/databases/download.html */
const pubmedCredit = "Courtesy of the U.S. National Library of Medicine";

/** k1 and b of the presets, as `bm25Presets` of @litmus/retrieval has them: importing that would load its search clients. */
export const presets: Readonly<Record<string, { readonly k1: number; readonly b: number }>> = {
  anserini: { k1: 0.9, b: 0.4 },
  elasticsearch: { k1: 1.2, b: 0.75 },
};

const text = z.string().catch("");
const looseConfig = z
  .object({
    corpus: z
      .object({ name: text, idSpace: z.enum(["pubmed", "own"]).catch("own") })
      .catch({ name: "", idSpace: "own" }),
    retriever: z.object({ engine: text, preset: text }).catch({ engine: "", preset: "" }),
    model: z.object({ name: text, licence: text }).catch({ name: "", licence: "" }),
  })
  .catch({
    corpus: { name: "", idSpace: "own" },
    retriever: { engine: "", preset: "" },
    model: { name: "", licence: "" },
  });

/** The indexes that runs searched, as the newest run of each describes it. */
export function searchedIndexes(catalogue: Catalogue): SystemView["indexes"] {
  return runsBy(catalogue, "index").map(([id, newest, runs]) => {
    const { corpus, retriever } = looseConfig.parse(newest.config);
    const { k1 = null, b = null } = presets[retriever.preset] ?? {};
    return {
      id,
      name: corpus.name,
      engine: retriever.engine,
      k1,
      b,
      idSpace: corpus.idSpace,
      runs,
      credit: corpus.idSpace === "pubmed" ? pubmedCredit : null,
    };
  });
}

/** The models that runs began with. */
export function usedModels(catalogue: Catalogue): SystemView["models"] {
  return runsBy(catalogue, "model").map(([sha256, newest, runs]) => {
    const { name, licence } = looseConfig.parse(newest.config).model;
    return { sha256, name, licence, runs };
  });
}

/** Runs by what their manifests name; of runs that name none, as those of asked questions, nothing is said. */
function runsBy(catalogue: Catalogue, part: "index" | "model"): [id: string, newest: RunRecord, runs: number][] {
  const groups = Map.groupBy(
    catalogue.filter(({ run }) => run.manifest[part] !== undefined),
    ({ run }) => run.manifest[part] ?? "",
  );
  return [...groups].flatMap(([id, [newest, ...others]]) =>
    newest === undefined ? [] : [[id, newest.run, others.length + 1] as [string, RunRecord, number]],
  );
}
