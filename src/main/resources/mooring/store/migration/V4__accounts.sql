-- Secrets that can be told apart in a list, and exchanged while the old one goes on for a while.
ALTER TABLE token
  ADD COLUMN prefix text NOT NULL DEFAULT '', -- the first characters of the secret; '': not known
  ADD COLUMN previous_hash text CONSTRAINT token_previous_hash_key UNIQUE,
  ADD COLUMN previous_until timestamptz,
  ADD CONSTRAINT token_previous_hash_check CHECK (previous_hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT token_previous_check CHECK ((previous_hash IS NULL) = (previous_until IS NULL));

-- Who logs in with a password; acts for a tenant with every right.
CREATE TABLE account (
  id            uuid        NOT NULL CONSTRAINT account_pkey PRIMARY KEY,
  tenant        uuid        NOT NULL CONSTRAINT account_tenant_fkey REFERENCES tenant,
  email         text        NOT NULL CONSTRAINT account_email_key UNIQUE,
  name          text        NOT NULL,
  password_hash text        NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT account_email_check CHECK (email = lower(email))
);
CREATE INDEX account_tenant_idx ON account (tenant, created_at);

-- Each works once, and the next one of its family takes its place. The used ones stay until they
-- expire: one that comes again tells that a copy is about, and ends the family.
CREATE TABLE refresh_token (
  hash       text        NOT NULL CONSTRAINT refresh_token_pkey PRIMARY KEY,
  account    uuid        NOT NULL CONSTRAINT refresh_token_account_fkey REFERENCES account,
  family     uuid        NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  CONSTRAINT refresh_token_hash_check CHECK (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX refresh_token_account_idx ON refresh_token (account, expires_at);
CREATE INDEX refresh_token_family_idx ON refresh_token (family);

-- The key of the login tokens, encrypted by the application; made at the first start.
CREATE TABLE signing_key (
  id     boolean NOT NULL DEFAULT true CONSTRAINT signing_key_pkey PRIMARY KEY,
  sealed bytea   NOT NULL,
  CONSTRAINT signing_key_single_check CHECK (id)
);
