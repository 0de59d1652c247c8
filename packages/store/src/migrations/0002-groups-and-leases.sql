-- Who may write a group's trajectories, and who trains a run.

CREATE TABLE rollout_groups (
  run_id text NOT NULL REFERENCES runs (id),
  stage text COLLATE "C" NOT NULL,
  step integer NOT NULL,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('train', 'evaluation', 'evaluation-sampled', 'ask')),
  group_index integer NOT NULL,
  attempt integer NOT NULL CHECK (attempt > 0),
  policy_version integer NOT NULL,
  PRIMARY KEY (run_id, stage, step, purpose, group_index)
);

-- Without a reference to the run: it is held before it is registered. A store in a folder is held by its lock, and leaves this empty.
CREATE TABLE run_leases (
  run_id text PRIMARY KEY,
  nonce text NOT NULL,
  host text NOT NULL,
  process_id integer NOT NULL,
  expires_at timestamptz NOT NULL
);
