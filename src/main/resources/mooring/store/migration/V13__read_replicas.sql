-- Read replicas become databases of their own.
ALTER TABLE operation
  DROP CONSTRAINT operation_kind_check,
  ADD CONSTRAINT operation_kind_check
    CHECK (kind IN ('CREATE', 'START', 'STOP', 'RESTART', 'RESIZE', 'UPDATE', 'RESET_PASSWORD',
                    'ADMINISTER', 'UPGRADE', 'PROMOTE', 'RESTORE', 'DELETE'));

-- Whether a database has read replicas is asked before it is deleted, and at each change within it.
CREATE INDEX instance_source_idx ON instance ((setup #>> '{lineage,replicaOf,source}'))
  WHERE deleted_at IS NULL AND setup #>> '{lineage,replicaOf,source}' IS NOT NULL;
