-- On whose account an operation failed; not known of what ended before this was recorded.
ALTER TABLE operation
  ADD COLUMN cause text
    CONSTRAINT operation_cause_check CHECK (cause IN ('SERVERS', 'PLATFORM', 'DEADLINE'));
