-- What was looked into about a database, and what was found.
CREATE TABLE task (
  id         uuid        NOT NULL CONSTRAINT task_pkey PRIMARY KEY,
  instance   uuid        NOT NULL CONSTRAINT task_instance_fkey REFERENCES instance,
  created_at timestamptz NOT NULL,
  succeeded  boolean     NOT NULL,
  result     text        NOT NULL,
  codes      jsonb       NOT NULL CONSTRAINT task_codes_check CHECK (jsonb_typeof(codes) = 'array')
);
CREATE INDEX task_instance_idx ON task (instance, created_at);
