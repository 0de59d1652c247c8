-- Runs and all that belongs to them. Text columns that sort use the C collation: the order is by code point on every server.

CREATE TABLE runs (
  sequence bigserial NOT NULL,
  id text PRIMARY KEY,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'interrupted', 'failed', 'finished')),
  config_hash text NOT NULL,
  config jsonb,
  manifest jsonb NOT NULL,
  created_at text COLLATE "C" NOT NULL,
  finished_at text
);

CREATE TABLE problems (
  run_id text NOT NULL REFERENCES runs (id),
  id text NOT NULL,
  split text NOT NULL,
  question text NOT NULL,
  golden_answers jsonb NOT NULL,
  gold_record_ids jsonb NOT NULL,
  category text,
  is_paraphrased boolean,
  PRIMARY KEY (run_id, id)
);

CREATE TABLE rollouts (
  id text PRIMARY KEY,
  run_id text NOT NULL REFERENCES runs (id),
  stage text COLLATE "C" NOT NULL,
  step integer NOT NULL,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('train', 'evaluation', 'evaluation-sampled', 'ask')),
  group_index integer NOT NULL,
  member integer NOT NULL,
  problem_id text,
  UNIQUE (run_id, stage, step, purpose, group_index, member),
  FOREIGN KEY (run_id, problem_id) REFERENCES problems (run_id, id)
);
CREATE INDEX rollouts_problem ON rollouts (run_id, problem_id);

CREATE TABLE trajectories (
  id text PRIMARY KEY REFERENCES rollouts (id),
  schema_version integer NOT NULL,
  question text NOT NULL,
  prompt_name text NOT NULL,
  prompt_sha256 text NOT NULL,
  policy_engine text NOT NULL,
  policy_model_sha256 text NOT NULL,
  policy_version integer NOT NULL,
  policy_adapter_sha256 text,
  index_id text NOT NULL,
  temperature double precision NOT NULL,
  seed double precision NOT NULL,
  token_ids integer[] NOT NULL,
  segments jsonb NOT NULL,
  log_probs double precision[] NOT NULL,
  answer text,
  cited jsonb NOT NULL,
  outcome jsonb NOT NULL,
  usage jsonb NOT NULL,
  started_at text NOT NULL,
  duration_ms double precision NOT NULL,
  reward_failure jsonb
);

CREATE TABLE turns (
  trajectory_id text NOT NULL REFERENCES trajectories (id),
  position integer NOT NULL,
  turn_index integer NOT NULL,
  action_text text NOT NULL,
  action jsonb NOT NULL,
  sampled_tokens integer NOT NULL,
  PRIMARY KEY (trajectory_id, position)
);

CREATE TABLE search_calls (
  trajectory_id text NOT NULL,
  position integer NOT NULL,
  query text NOT NULL,
  hits jsonb NOT NULL,
  duration_ms double precision NOT NULL,
  failure jsonb,
  PRIMARY KEY (trajectory_id, position),
  FOREIGN KEY (trajectory_id, position) REFERENCES turns (trajectory_id, position)
);

CREATE TABLE rewards (
  trajectory_id text PRIMARY KEY REFERENCES trajectories (id),
  total double precision NOT NULL,
  scorer text NOT NULL
);

CREATE TABLE reward_components (
  trajectory_id text NOT NULL REFERENCES rewards (trajectory_id),
  position integer NOT NULL,
  name text NOT NULL,
  score double precision NOT NULL,
  weight double precision NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (trajectory_id, position)
);

CREATE TABLE policy_versions (
  run_id text NOT NULL REFERENCES runs (id),
  version integer NOT NULL,
  adapter jsonb,
  parent_sha256 text,
  stage text NOT NULL,
  step integer NOT NULL,
  PRIMARY KEY (run_id, version)
);

CREATE TABLE checkpoints (
  sequence bigserial NOT NULL,
  run_id text NOT NULL REFERENCES runs (id),
  stage text NOT NULL,
  step integer NOT NULL,
  state jsonb NOT NULL,
  parent_sha256 text,
  created_at text NOT NULL,
  PRIMARY KEY (run_id, stage, step)
);

CREATE TABLE metrics (
  sequence bigserial NOT NULL,
  run_id text NOT NULL REFERENCES runs (id),
  stage text NOT NULL,
  step integer NOT NULL,
  name text NOT NULL,
  value double precision NOT NULL,
  PRIMARY KEY (run_id, stage, step, name)
);

CREATE TABLE evaluations (
  sequence bigserial NOT NULL,
  run_id text NOT NULL REFERENCES runs (id),
  stage text NOT NULL,
  step integer NOT NULL,
  split text NOT NULL,
  result jsonb,
  PRIMARY KEY (run_id, stage, step, split)
);
