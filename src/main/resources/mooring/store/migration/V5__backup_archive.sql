-- For how many days the archive keeps in which a complete backup was seen; 0: until it is removed.
-- NULL for those that ended before this was looked at.
ALTER TABLE backup
  ADD COLUMN archive_days integer,
  ADD CONSTRAINT backup_archive_check
    CHECK (archive_days IS NULL OR (archive_days >= 0 AND outcome = 'SUCCEEDED'));
