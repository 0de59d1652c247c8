/** @file The tables, as drizzle reads and writes them. `migrations/` holds the same tables as SQL, with checks and indexes. */
import { sql } from "drizzle-orm";
import { bigint, bigserial, boolean, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { exactDouble, exactDoubles, exactJson, exactText, integers } from "./exact-columns.ts";

export const runs = pgTable("runs", {
  sequence: bigserial("sequence", { mode: "number" }),
  id: exactText("id").primaryKey(),
  name: exactText("name").notNull(),
  status: text("status").notNull(),
  configHash: text("config_hash").notNull(),
  config: exactJson("config"),
  manifest: exactJson("manifest").notNull(),
  createdAt: text("created_at").notNull(),
  finishedAt: text("finished_at"),
});

export const problems = pgTable("problems", {
  runId: exactText("run_id").notNull(),
  id: exactText("id").notNull(),
  split: exactText("split").notNull(),
  question: exactText("question").notNull(),
  goldenAnswers: exactJson("golden_answers").notNull(),
  goldRecordIds: exactJson("gold_record_ids").notNull(),
  category: exactText("category"),
  isParaphrased: boolean("is_paraphrased"),
});

export const rollouts = pgTable("rollouts", {
  id: exactText("id").primaryKey(),
  runId: exactText("run_id").notNull(),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
  purpose: text("purpose").notNull(),
  group: integer("group_index").notNull(),
  member: integer("member").notNull(),
  problemId: exactText("problem_id"),
});

export const rolloutGroups = pgTable("rollout_groups", {
  runId: exactText("run_id").notNull(),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
  purpose: text("purpose").notNull(),
  group: integer("group_index").notNull(),
  attempt: integer("attempt").notNull(),
  policyVersion: integer("policy_version").notNull(),
});

export const runLeases = pgTable("run_leases", {
  runId: exactText("run_id").primaryKey(),
  nonce: text("nonce").notNull(),
  host: exactText("host").notNull(),
  processId: integer("process_id").notNull(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});

export const trajectories = pgTable("trajectories", {
  id: exactText("id").primaryKey(),
  schemaVersion: integer("schema_version").notNull(),
  question: exactText("question").notNull(),
  promptName: exactText("prompt_name").notNull(),
  promptSha256: text("prompt_sha256").notNull(),
  policyEngine: exactText("policy_engine").notNull(),
  policyModelSha256: text("policy_model_sha256").notNull(),
  policyVersion: integer("policy_version").notNull(),
  policyAdapterSha256: text("policy_adapter_sha256"),
  indexId: text("index_id").notNull(),
  temperature: exactDouble("temperature").notNull(),
  seed: exactDouble("seed").notNull(),
  tokenIds: integers("token_ids").notNull(),
  segments: exactJson("segments").notNull(),
  logProbs: exactDoubles("log_probs").notNull(),
  answer: exactText("answer"),
  cited: exactJson("cited").notNull(),
  outcome: exactJson("outcome").notNull(),
  usage: exactJson("usage").notNull(),
  startedAt: text("started_at").notNull(),
  durationMs: exactDouble("duration_ms").notNull(),
  rewardFailure: exactJson("reward_failure"),
});

export const turns = pgTable("turns", {
  trajectoryId: exactText("trajectory_id").notNull(),
  position: integer("position").notNull(),
  index: integer("turn_index").notNull(),
  actionText: exactText("action_text").notNull(),
  action: exactJson("action").notNull(),
  sampledTokens: integer("sampled_tokens").notNull(),
});

export const searchCalls = pgTable("search_calls", {
  trajectoryId: exactText("trajectory_id").notNull(),
  position: integer("position").notNull(),
  query: exactText("query").notNull(),
  hits: exactJson("hits").notNull(),
  durationMs: exactDouble("duration_ms").notNull(),
  failure: exactJson("failure"),
  recordIds: exactJson("record_ids").generatedAlwaysAs(sql`jsonb_path_query_array(hits, '$[*].recordId')`),
});

export const rewards = pgTable("rewards", {
  trajectoryId: exactText("trajectory_id").primaryKey(),
  total: exactDouble("total").notNull(),
  scorer: exactText("scorer").notNull(),
});

export const rewardComponents = pgTable("reward_components", {
  trajectoryId: exactText("trajectory_id").notNull(),
  position: integer("position").notNull(),
  name: exactText("name").notNull(),
  score: exactDouble("score").notNull(),
  weight: exactDouble("weight").notNull(),
  detail: exactText("detail").notNull(),
});

export const trainedTokens = pgTable("trained_tokens", {
  trajectoryId: exactText("trajectory_id").primaryKey(),
  step: integer("step").notNull(),
  advantages: exactDoubles("advantages").notNull(),
  trainerLogProbs: exactDoubles("trainer_log_probs"),
});

export const policyVersions = pgTable("policy_versions", {
  runId: exactText("run_id").notNull(),
  version: integer("version").notNull(),
  adapter: exactJson("adapter"),
  parentSha256: text("parent_sha256"),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
});

export const checkpoints = pgTable("checkpoints", {
  sequence: bigserial("sequence", { mode: "number" }),
  runId: exactText("run_id").notNull(),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
  state: exactJson("state").notNull(),
  parentSha256: text("parent_sha256"),
  createdAt: text("created_at").notNull(),
});

export const metrics = pgTable("metrics", {
  sequence: bigserial("sequence", { mode: "number" }),
  runId: exactText("run_id").notNull(),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
  name: exactText("name").notNull(),
  value: exactDouble("value").notNull(),
});

/** Kept by a trigger. */
export const latestMetrics = pgTable("latest_metrics", {
  runId: exactText("run_id").notNull(),
  name: exactText("name").notNull(),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
  value: exactDouble("value").notNull(),
});

export const evaluations = pgTable("evaluations", {
  sequence: bigserial("sequence", { mode: "number" }),
  runId: exactText("run_id").notNull(),
  stage: exactText("stage").notNull(),
  step: integer("step").notNull(),
  split: exactText("split").notNull(),
  result: exactJson("result"),
});

/** Kept by triggers. */
export const runRevisions = pgTable("run_revisions", {
  runId: exactText("run_id").primaryKey(),
  revision: bigint("revision", { mode: "number" }).notNull(),
});
