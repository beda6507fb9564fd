# What the others begin with. What is written last where $RESULT says is told.
export PGAPPNAME=mooring-migration PGCONNECT_TIMEOUT=15 LC_ALL=C
fail() {
  printf 'mooring: %s\n' "$1" > "$RESULT"
  exit 1
}
# What comes from a server is text, until it is found to be a number.
number() {
  case $1 in
    '' | *[!0-9]* | ??????????*) return 1 ;;
  esac
}
ask_target() {
  PGPASSWORD="$TARGET_PASSWORD" PGDATABASE="$1" PGUSER="$TARGET_USER" PGSSLMODE=require \
    psql -w -X -A -t -q -v ON_ERROR_STOP=1 -h "$TARGET_HOST" -p "$TARGET_PORT" -c "$2" \
    2> "$RESULT" < /dev/null
}
# Waits a while for a server that may just be starting, as after a fault of what it runs on; whoever
# connects to one that does not come says why.
await() {
  command -v pg_isready > /dev/null 2>&1 || return 0
  tries=0
  until pg_isready -q -t 2 "$@"; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || return 0
    sleep 1
  done
}
# Says t when there is something in a database of the target that is not an extension's.
ask_full() {
  ask_target "$1" "SELECT EXISTS (
      SELECT FROM (
          SELECT 'pg_class'::regclass AS catalog, oid, relnamespace AS space FROM pg_class
            WHERE relkind NOT IN ('i', 'I')
          UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
          UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type
          UNION ALL SELECT 'pg_namespace'::regclass, oid, oid FROM pg_namespace
            WHERE nspname <> 'public') one
        JOIN pg_namespace n ON n.oid = one.space
      WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = one.catalog AND d.objid = one.oid AND d.deptype IN ('e', 'i')))
    OR EXISTS (SELECT FROM pg_largeobject_metadata)"
}
