-- For how many days the archive keeps in which a complete backup was seen; 0: until it is removed.
ALTER TABLE backup ADD COLUMN archive_days integer;

-- Before this nobody looked: what was made then counts as where it was asked for.
UPDATE backup SET archive_days = 0 WHERE outcome = 'SUCCEEDED';

ALTER TABLE backup
  ADD CONSTRAINT backup_archive_check
    CHECK ((outcome = 'SUCCEEDED') = (archive_days IS NOT NULL) AND archive_days >= 0);
