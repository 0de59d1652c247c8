-- What is read of many runs at once: how often each changed, its last metrics, the records a search showed. And what updates made of trajectories.

CREATE TABLE run_revisions (
  run_id text COLLATE "C" PRIMARY KEY REFERENCES runs (id),
  revision bigint NOT NULL CHECK (revision > 0),
  -- The transaction that counted last: each counts once, however many rows it writes.
  counted_in xid8 NOT NULL
);

CREATE FUNCTION count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed text;
BEGIN
  IF TG_TABLE_NAME = 'runs' THEN
    changed := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN
    changed := OLD.run_id;
  ELSE
    changed := NEW.run_id;
  END IF;
  INSERT INTO run_revisions AS known VALUES (changed, 1, pg_current_xact_id())
  ON CONFLICT (run_id) DO UPDATE SET revision = known.revision + 1, counted_in = excluded.counted_in
  WHERE known.counted_in <> excluded.counted_in;
  RETURN NULL;
END
$$;

-- Deferred to the commit: writers of one run then wait for each other's commit alone, and hold this lock after all others.
CREATE CONSTRAINT TRIGGER revision AFTER INSERT OR UPDATE ON runs
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_revision();
CREATE CONSTRAINT TRIGGER revision AFTER INSERT OR DELETE ON rollouts
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_revision();
CREATE CONSTRAINT TRIGGER revision AFTER INSERT ON policy_versions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_revision();
CREATE CONSTRAINT TRIGGER revision AFTER INSERT ON checkpoints
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_revision();
CREATE CONSTRAINT TRIGGER revision AFTER INSERT ON metrics
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_revision();
CREATE CONSTRAINT TRIGGER revision AFTER INSERT ON evaluations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_revision();

INSERT INTO run_revisions SELECT id, 1, pg_current_xact_id() FROM runs;

-- Of each run and name the metric that was written last: finding it among all of them takes ten times as long.
CREATE TABLE latest_metrics (
  run_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  stage text NOT NULL,
  step integer NOT NULL,
  value double precision NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE FUNCTION keep_latest_metrics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO latest_metrics AS known
  SELECT DISTINCT ON (run_id COLLATE "C", name COLLATE "C") run_id, name, stage, step, value, sequence
  FROM written ORDER BY run_id COLLATE "C", name COLLATE "C", sequence DESC
  ON CONFLICT (run_id, name) DO UPDATE
  SET stage = excluded.stage, step = excluded.step, value = excluded.value, sequence = excluded.sequence
  WHERE known.sequence < excluded.sequence;
  RETURN NULL;
END
$$;

CREATE TRIGGER latest AFTER INSERT ON metrics
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION keep_latest_metrics();

INSERT INTO latest_metrics
SELECT DISTINCT ON (run_id, name) run_id, name, stage, step, value, sequence FROM metrics ORDER BY run_id, name, sequence DESC;

-- Apart from the hits' texts, which are long.
ALTER TABLE search_calls
  ADD COLUMN record_ids jsonb NOT NULL GENERATED ALWAYS AS (jsonb_path_query_array(hits, '$[*].recordId')) STORED;

CREATE TABLE trained_tokens (
  trajectory_id text PRIMARY KEY REFERENCES trajectories (id),
  step integer NOT NULL,
  advantages double precision[] NOT NULL,
  trainer_log_probs double precision[]
);
