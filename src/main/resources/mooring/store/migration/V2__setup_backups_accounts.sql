-- What is asked of a database beyond what it is: settings, restarts, retention, recovery.
ALTER TABLE instance ADD COLUMN setup jsonb NOT NULL DEFAULT '{}'
  CONSTRAINT instance_setup_check CHECK (jsonb_typeof(setup) = 'object');
