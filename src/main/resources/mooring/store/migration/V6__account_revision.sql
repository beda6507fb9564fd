-- Accounts are told of by the change feed, so that every replica knows of a new password at once.
ALTER TABLE account ADD COLUMN revision bigint NOT NULL DEFAULT nextval('revision');
CREATE INDEX account_revision_idx ON account (revision);

-- The last statement of a transaction that changed an account.
CREATE FUNCTION publish_account(changed uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  stamp bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(7741001);
  stamp := nextval('revision');
  UPDATE account SET revision = stamp WHERE id = changed;
  PERFORM pg_notify('mooring_revision', stamp::text);
  RETURN stamp;
END
$$;
