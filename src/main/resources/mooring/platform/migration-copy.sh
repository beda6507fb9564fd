# Copies one database. All of it is one transaction, so that it is there or not, and can be done
# again; what was there before it was begun was empty.
export PGAPPNAME=mooring-migration
{
  PGPASSWORD="$SOURCE_PASSWORD" pg_dump --format=custom --no-owner --no-privileges \
    --no-publications --no-subscriptions --no-security-labels -d "$SOURCE" |
    PGPASSWORD="$TARGET_PASSWORD" pg_restore --no-owner --no-privileges --no-tablespaces \
      --clean --if-exists --single-transaction \
      -h "$TARGET_HOST" -p "$TARGET_PORT" -d "$TARGET"
} 2> "$RESULT" < /dev/null || exit 1
: > "$RESULT"
