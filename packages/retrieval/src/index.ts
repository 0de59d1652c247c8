export { type Analyzer, analyzerVersion, createEnglishAnalyzer } from "./analysis/english-analyzer.ts";
export { buildIndex, type BuildIndexOptions, type BuildProgress } from "./bm25/build-index.ts";
export type { IndexManifest } from "./bm25/index-manifest.ts";
export { type Bm25Index, maxQueryTerms, openIndex } from "./bm25/open-index.ts";
export { type Bm25Choice, type Bm25Parameters, type Bm25Preset, bm25Presets } from "./bm25/scoring.ts";
