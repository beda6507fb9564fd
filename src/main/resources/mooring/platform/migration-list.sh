# Says which databases a source has, a line each, after a line with their number.
for program in psql pg_dump pg_restore; do
  command -v "$program" > /dev/null 2>&1 || fail "unsupported: $program is not on the PATH"
done
have=$(pg_dump --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
number "$have" || fail "unsupported: pg_dump does not tell its version"

ask_source() {
  PGPASSWORD="$SOURCE_PASSWORD" psql -w -X -A -t -q -v ON_ERROR_STOP=1 -d "$SOURCE" -c "$1" \
    2> "$RESULT" < /dev/null
}

from=$(ask_source "SHOW server_version_num") || exit 1
number "$from" || fail "the source does not tell its version"
[ $((from / 10000)) -le "$have" ] ||
  fail "unsupported: the source is PostgreSQL $((from / 10000)), and pg_dump here is of $have"
await -h "$TARGET_HOST" -p "$TARGET_PORT"
own=$(ask_target "$TARGET_DATABASE" "SHOW server_version_num") || exit 1
number "$own" || fail "the service does not tell its version"
[ "$have" -le $((own / 10000)) ] ||
  fail "unsupported: the service is PostgreSQL $((own / 10000)), and pg_dump here is of $have"
names=$(ask_source "SELECT datname FROM pg_database
  WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'
    AND datname !~ '[[:cntrl:]]' AND has_database_privilege(datname, 'CONNECT')
  ORDER BY datname") || exit 1
there=$(ask_target "$TARGET_DATABASE" "SELECT datname FROM pg_database WHERE datallowconn") || exit 1
answer=$(printf '%s\n' "$names" | while IFS= read -r name; do
  [ -n "$name" ] || continue
  state=free
  if printf '%s\n' "$there" | grep -q -x -F -e "$name"; then
    full=$(ask_full "$name") || exit 1
    [ "$full" = f ] || state=full
  fi
  printf '%s %s\n' "$state" "$name"
done) || exit 1
count=0
[ -z "$answer" ] || count=$(printf '%s\n' "$answer" | wc -l)
printf 'databases %d\n%s\n' "$count" "$answer" > "$RESULT"
