export { type Analyzer, analyzerVersion, createEnglishAnalyzer } from "./analysis/english-analyzer.ts";
export { buildIndex, type BuildIndexOptions, type BuildProgress } from "./bm25/build-index.ts";
export type { IndexManifest } from "./bm25/index-manifest.ts";
export { type Bm25Index, maxQueryTerms, openIndex } from "./bm25/open-index.ts";
export { type Bm25Choice, type Bm25Parameters, type Bm25Preset, bm25Presets } from "./bm25/scoring.ts";
export {
  buildElasticsearchIndex,
  type ElasticsearchBuild,
  type ElasticsearchBuildOptions,
  type ElasticsearchBuildProgress,
} from "./elasticsearch/build-elasticsearch-index.ts";
export {
  deleteElasticsearchIndex,
  type ElasticsearchIndexState,
  listElasticsearchIndexes,
  serveElasticsearchIndex,
} from "./elasticsearch/manage-indexes.ts";
export {
  type ElasticsearchIndex,
  type ElasticsearchIndexOptions,
  openElasticsearchIndex,
} from "./elasticsearch/open-elasticsearch-index.ts";
export type { SearchServerOptions, ServerFlavor } from "./elasticsearch/search-server.ts";
export { openRetrieveClient, type RetrieveClientOptions } from "./retrieve/open-retrieve-client.ts";
