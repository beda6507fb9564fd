-- The backups that somebody asked for. Those that are made daily have no row: the platform keeps
-- them. A row stays when its backup is removed or its database deleted, as that of a database does.
CREATE TABLE backup (
  id           uuid        NOT NULL CONSTRAINT backup_pkey PRIMARY KEY,
  short_id     text        NOT NULL CONSTRAINT backup_short_id_key UNIQUE,
  instance     uuid        NOT NULL CONSTRAINT backup_instance_fkey REFERENCES instance,
  name         text,
  outcome      text        NOT NULL DEFAULT 'RUNNING',
  reason       text,
  platform_id  text,
  size_bytes   bigint,
  started_at   timestamptz,
  completed_at timestamptz,
  attempt      integer     NOT NULL DEFAULT 0,
  lease_owner  text,
  lease_until  timestamptz,
  deadline     timestamptz NOT NULL,
  -- Not the start of the transaction: those of one database differ, in the order of its lock.
  requested_at timestamptz NOT NULL,
  made_at      timestamptz, -- when it was made known to the platform
  ended_at     timestamptz,
  removal      uuid,        -- what the audit calls the removal; null: with its database
  removed_at   timestamptz, -- when the removal was asked for
  gone_at      timestamptz, -- when nothing of it was left
  CONSTRAINT backup_short_id_check CHECK (short_id ~ '^[0-9a-f]{8}$'),
  CONSTRAINT backup_outcome_check
    CHECK (outcome IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'INTERRUPTED')),
  CONSTRAINT backup_result_check CHECK ((outcome = 'SUCCEEDED') = (platform_id IS NOT NULL)),
  CONSTRAINT backup_ended_check CHECK ((outcome = 'RUNNING') = (ended_at IS NULL)),
  CONSTRAINT backup_removed_check CHECK (removed_at IS NULL OR outcome <> 'RUNNING'),
  CONSTRAINT backup_gone_check CHECK (gone_at IS NULL OR removed_at IS NOT NULL)
);
CREATE INDEX backup_instance_idx ON backup (instance, requested_at);
CREATE INDEX backup_claim_idx ON backup (requested_at)
  WHERE gone_at IS NULL AND (outcome = 'RUNNING' OR removed_at IS NOT NULL);
