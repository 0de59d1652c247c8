-- One metric over all steps of a run, without reading the others.

CREATE INDEX metrics_by_name ON metrics (run_id, name);
