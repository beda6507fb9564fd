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
# Says first in a word why the source cannot be asked, where that is known. Before anybody is let in
# no code of the error is told: there is its text only, which may be in another language.
refused() {
  said=$(cat "$RESULT")
  case $said in
    *'authentication failed for user'* | *'no password supplied'* | *'FATAL:  no pg_hba.conf entry'* | \
      *'FATAL:  role "'*'" does not exist'*)
      word='incorrect: the source does not let this user in' ;;
    *'FATAL:  database "'*'" does not exist'*)
      word='not-found: the source has no such database' ;;
    *'Connection refused'* | *'Connection timed out'* | *'timeout expired'* | *' is unreachable'* | \
      *'No route to host'* | *'Connection reset by peer'* | *'server closed the connection'* | \
      *'FATAL:  the database system is '* | *'FATAL:  sorry, too many clients'* | \
      *'FATAL:  remaining connection slots'*)
      word='unavailable: the source cannot be reached' ;;
    *) exit 1 ;;
  esac
  printf 'mooring: %s\n%s\n' "$word" "$said" > "$RESULT"
  exit 1
}

from=$(ask_source "SHOW server_version_num") || refused
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
  ORDER BY datname") || refused
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
