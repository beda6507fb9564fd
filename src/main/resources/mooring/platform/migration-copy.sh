# Copies one database into an empty one. All of it is one transaction, so that it is there or not.
# An archive that is cut, because its end was not read, is refused by pg_restore within that.
await -h "$TARGET_HOST" -p "$TARGET_PORT"
await -d "$SOURCE"
full=$(ask_full "$TARGET_DATABASE") || exit 1
case $full in
  f) ;;
  t) fail "not empty" ;;
  *) fail "the service does not tell what it has" ;;
esac
# Beside their errors the programs say whole statements and rows: these stay here.
errors() {
  grep -E '^(pg_dump|pg_restore): error: ' > "$RESULT"
}
ended=$(
  {
    {
      PGPASSWORD="$SOURCE_PASSWORD" pg_dump -w --format=custom --no-owner --no-privileges \
        --no-publications --no-subscriptions --no-security-labels -d "$SOURCE" |
        PGPASSWORD="$TARGET_PASSWORD" pg_restore -w --no-owner --no-privileges --no-tablespaces \
          --single-transaction -h "$TARGET_HOST" -p "$TARGET_PORT" -d "$TARGET"
      printf '%s' "$?" >&3
    } 2>&1 > /dev/null < /dev/null | errors
  } 3>&1
)
[ "$ended" = 0 ] || exit 1
: > "$RESULT"
