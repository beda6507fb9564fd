-- What is asked of a database beyond what it is: settings, restarts, retention, recovery.
ALTER TABLE instance ADD COLUMN setup jsonb NOT NULL DEFAULT '{"retentionDays": 7}'
  CONSTRAINT instance_setup_check CHECK (jsonb_typeof(setup) = 'object');

-- The new password of a running reset; it takes the place of the old one when the reset succeeds.
ALTER TABLE instance_secret ADD COLUMN pending bytea;
