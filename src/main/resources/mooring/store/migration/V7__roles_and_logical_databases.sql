-- The roles and logical databases that clients made within a database, without their passwords.
ALTER TABLE instance ADD COLUMN contents jsonb NOT NULL DEFAULT '{}'
  CONSTRAINT instance_contents_check CHECK (jsonb_typeof(contents) = 'object');

-- Encrypted by the application; erased with the role, or when the deletion has finished.
CREATE TABLE role_secret (
  role     uuid  NOT NULL CONSTRAINT role_secret_pkey PRIMARY KEY,
  instance uuid  NOT NULL CONSTRAINT role_secret_instance_fkey REFERENCES instance,
  password bytea NOT NULL,
  pending  bytea -- takes the place of the other when the change succeeds
);
CREATE INDEX role_secret_instance_idx ON role_secret (instance);

ALTER TABLE operation
  DROP CONSTRAINT operation_kind_check,
  ADD CONSTRAINT operation_kind_check
    CHECK (kind IN ('CREATE', 'START', 'STOP', 'RESTART', 'RESIZE', 'UPDATE', 'RESET_PASSWORD',
                    'ADMINISTER', 'UPGRADE', 'RESTORE', 'DELETE'));
