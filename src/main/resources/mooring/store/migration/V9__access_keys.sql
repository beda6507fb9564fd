-- Who signs requests instead of showing a secret; acts for a tenant with every right. The secret is
-- encrypted by the application: signatures are made anew with it to be compared.
CREATE TABLE access_key (
  id         uuid        NOT NULL CONSTRAINT access_key_pkey PRIMARY KEY,
  tenant     uuid        NOT NULL CONSTRAINT access_key_tenant_fkey REFERENCES tenant,
  name       text        NOT NULL CONSTRAINT access_key_name_key UNIQUE,
  secret     bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  revision   bigint      NOT NULL DEFAULT nextval('revision')
);
CREATE INDEX access_key_tenant_idx ON access_key (tenant) WHERE revoked_at IS NULL;
CREATE INDEX access_key_revision_idx ON access_key (revision);

-- The last statement of a transaction that changed access keys of a tenant.
CREATE FUNCTION publish_access_keys(changed uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  stamp bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7741001);
  UPDATE access_key SET revision = nextval('revision') WHERE id = ANY (changed);
  SELECT max(revision) INTO stamp FROM access_key WHERE id = ANY (changed);
  PERFORM pg_notify('mooring_revision', stamp::text);
  RETURN stamp;
END
$$;
