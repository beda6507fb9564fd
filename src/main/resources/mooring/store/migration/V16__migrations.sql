-- The last import from elsewhere into a database, without the password; null: there was none.
ALTER TABLE instance ADD COLUMN migration jsonb
  CONSTRAINT instance_migration_check CHECK (jsonb_typeof(migration) = 'object');

-- Of who logs in at the source; encrypted by the application, and erased when the import has ended.
CREATE TABLE migration_secret (
  instance uuid  NOT NULL CONSTRAINT migration_secret_pkey PRIMARY KEY
                 CONSTRAINT migration_secret_instance_fkey REFERENCES instance,
  password bytea NOT NULL
);

ALTER TABLE operation
  DROP CONSTRAINT operation_kind_check,
  ADD CONSTRAINT operation_kind_check
    CHECK (kind IN ('CREATE', 'START', 'STOP', 'RESTART', 'RESIZE', 'UPDATE', 'RESET_PASSWORD',
                    'ADMINISTER', 'MIGRATE', 'STOP_MIGRATION', 'UPGRADE', 'PROMOTE', 'RESTORE',
                    'DELETE'));
