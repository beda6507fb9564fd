-- What is wanted. How it is doing is never stored: it is derived from this and the platform.
--
-- Every row with a revision is stamped by the last statement of its transaction, under one lock
-- that is held until after the commit. So revisions become visible in their own order, and a reader
-- that asks for everything newer than the last it saw misses nothing.

CREATE SEQUENCE revision;

CREATE TABLE tenant (
  id         uuid        NOT NULL CONSTRAINT tenant_pkey PRIMARY KEY,
  name       text        NOT NULL CONSTRAINT tenant_name_key UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One table for the tokens of all APIs. The secret itself is known to its holder only.
CREATE TABLE token (
  id           uuid        NOT NULL CONSTRAINT token_pkey PRIMARY KEY,
  short_id     text        NOT NULL CONSTRAINT token_short_id_key UNIQUE,
  tenant       uuid        NOT NULL CONSTRAINT token_tenant_fkey REFERENCES tenant,
  name         text        NOT NULL,
  hash         text        NOT NULL CONSTRAINT token_hash_key UNIQUE,
  scopes       text[],     -- null: everything
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  revision     bigint      NOT NULL DEFAULT nextval('revision'),
  CONSTRAINT token_short_id_check CHECK (short_id ~ '^[0-9a-f]{8}$'),
  CONSTRAINT token_hash_check CHECK (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX token_tenant_idx ON token (tenant) WHERE revoked_at IS NULL;
CREATE INDEX token_revision_idx ON token (revision);

-- Rows stay when a database is deleted: its objects may only be removed because a row says so.
CREATE TABLE instance (
  id             uuid        NOT NULL CONSTRAINT instance_pkey PRIMARY KEY,
  short_id       text        NOT NULL CONSTRAINT instance_short_id_key UNIQUE,
  tenant         uuid        NOT NULL CONSTRAINT instance_tenant_fkey REFERENCES tenant,
  origin         text        NOT NULL,
  name           text        NOT NULL,
  handle         text        NOT NULL,
  engine         text        NOT NULL,
  version        text        NOT NULL,
  cpu_milli      integer     NOT NULL,
  memory_mib     integer     NOT NULL,
  storage_mib    integer     NOT NULL,
  instances      integer     NOT NULL,
  place          text        NOT NULL,
  address_number integer,    -- null: derived from the short id
  host           text        NOT NULL,
  port           integer     NOT NULL,
  owner          text        NOT NULL,
  database       text        NOT NULL,
  desired        text        NOT NULL DEFAULT 'RUNNING',
  attributes     jsonb       NOT NULL DEFAULT '{}',
  operation      uuid        NOT NULL, -- the latest one, running or ended
  created_at     timestamptz NOT NULL DEFAULT now(),
  deleted_at     timestamptz,
  revision       bigint      NOT NULL DEFAULT nextval('revision'),
  CONSTRAINT instance_short_id_check CHECK (short_id ~ '^[0-9a-f]{8}$'),
  CONSTRAINT instance_origin_check
    CHECK (origin IN ('CLOUDHEED', 'UNCLOUD', 'IONOS', 'EXOSCALE')),
  CONSTRAINT instance_engine_check
    CHECK (engine IN ('POSTGRESQL', 'MYSQL', 'REDIS', 'MONGODB')),
  CONSTRAINT instance_desired_check CHECK (desired IN ('RUNNING', 'STOPPED')),
  CONSTRAINT instance_size_check
    CHECK (cpu_milli > 0 AND memory_mib > 0 AND storage_mib > 0 AND instances > 0),
  CONSTRAINT instance_port_check CHECK (port BETWEEN 1 AND 65535),
  CONSTRAINT instance_attributes_check CHECK (jsonb_typeof(attributes) = 'object')
);
CREATE UNIQUE INDEX instance_handle_key ON instance (tenant, handle) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX instance_address_key ON instance (host, port) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX instance_address_number_key ON instance (address_number)
  WHERE deleted_at IS NULL;
CREATE INDEX instance_revision_idx ON instance (revision);
CREATE INDEX instance_tombstone_idx ON instance (revision) WHERE deleted_at IS NOT NULL;

-- Encrypted by the application; erased when the deletion has finished.
CREATE TABLE instance_secret (
  instance uuid  NOT NULL CONSTRAINT instance_secret_pkey PRIMARY KEY
                 CONSTRAINT instance_secret_instance_fkey REFERENCES instance,
  password bytea NOT NULL
);

CREATE TABLE operation (
  id               uuid        NOT NULL CONSTRAINT operation_pkey PRIMARY KEY,
  instance         uuid        NOT NULL CONSTRAINT operation_instance_fkey REFERENCES instance,
  kind             text        NOT NULL,
  outcome          text        NOT NULL DEFAULT 'RUNNING',
  reason           text,
  accepted_in      text        NOT NULL,
  platform_version bigint,
  attempt          integer     NOT NULL DEFAULT 0,
  lease_owner      text,
  lease_until      timestamptz,
  deadline         timestamptz NOT NULL,
  started_at       timestamptz NOT NULL DEFAULT now(),
  ended_at         timestamptz,
  CONSTRAINT operation_kind_check
    CHECK (kind IN ('CREATE', 'START', 'STOP', 'RESTART', 'RESIZE', 'UPDATE', 'RESET_PASSWORD',
                    'UPGRADE', 'RESTORE', 'DELETE')),
  CONSTRAINT operation_outcome_check
    CHECK (outcome IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'INTERRUPTED')),
  CONSTRAINT operation_accepted_in_check
    CHECK (accepted_in IN ('PENDING', 'PROVISIONING', 'RUNNING', 'DEGRADED', 'STARTING',
                           'STOPPING', 'STOPPED', 'RESTARTING', 'RESIZING', 'UPDATING',
                           'UPGRADING', 'RESTORING', 'FAILED', 'DELETING', 'DELETED')),
  CONSTRAINT operation_ended_check CHECK ((outcome = 'RUNNING') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX operation_running_key ON operation (instance) WHERE outcome = 'RUNNING';
CREATE INDEX operation_claim_idx ON operation (started_at) WHERE outcome = 'RUNNING';
CREATE INDEX operation_instance_idx ON operation (instance);

ALTER TABLE instance ADD CONSTRAINT instance_operation_fkey
  FOREIGN KEY (operation) REFERENCES operation DEFERRABLE INITIALLY DEFERRED;

-- Who asked for what, when, and how it ended.
CREATE TABLE audit (
  id        bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_pkey PRIMARY KEY,
  at        timestamptz NOT NULL DEFAULT now(),
  tenant    uuid        NOT NULL,
  token     uuid,       -- null: asked for at the command line
  action    text        NOT NULL,
  subject   uuid        NOT NULL,
  operation uuid,
  outcome   text        NOT NULL,
  reason    text,
  ended_at  timestamptz
);
CREATE INDEX audit_operation_idx ON audit (operation) WHERE operation IS NOT NULL;
CREATE INDEX audit_tenant_idx ON audit (tenant, at);

-- The most recently allotted address number. Its lock makes allotments take turns.
CREATE TABLE address_cursor (
  id     boolean NOT NULL DEFAULT true CONSTRAINT address_cursor_pkey PRIMARY KEY,
  number integer NOT NULL,
  CONSTRAINT address_cursor_single_check CHECK (id)
);
INSERT INTO address_cursor (number) VALUES (-1);

-- A known text under the installation's keyset, so that a wrong one is noticed at the start.
CREATE TABLE keyset_check (
  id     boolean NOT NULL DEFAULT true CONSTRAINT keyset_check_pkey PRIMARY KEY,
  sealed bytea   NOT NULL,
  CONSTRAINT keyset_check_single_check CHECK (id)
);

-- The last statement of a transaction that changed an instance or its operation.
CREATE FUNCTION publish_instance(changed uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  stamp bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7741001);
  stamp := nextval('revision');
  UPDATE instance SET revision = stamp WHERE id = changed;
  PERFORM pg_notify('mooring_revision', stamp::text);
  RETURN stamp;
END
$$;

-- The last statement of a transaction that changed a token.
CREATE FUNCTION publish_token(changed uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  stamp bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7741001);
  stamp := nextval('revision');
  UPDATE token SET revision = stamp WHERE id = changed;
  PERFORM pg_notify('mooring_revision', stamp::text);
  RETURN stamp;
END
$$;
