# In the place of the entry point of MongoDB's image. As long as there is no user, the first one can
# be made without a login by whoever connects on this machine; so the server is asked through a
# socket that nobody else reaches, and listens nowhere else.
set_up() {
  private=$(mktemp -d)
  server=
  trap 'stop_setting_up' EXIT
  become "$@" --bind_ip "$private/mongod.sock" --unixSocketPrefix "$private" &
  server=$!
  until [ -S "$private/mongod.sock" ]; do
    kill -0 "$server" 2>/dev/null || fail 'the server ended before its user was made'
    sleep 0.2
  done
  HOME=$private client --quiet --norc "mongodb://$(echo "$private/mongod.sock" | sed 's|/|%2F|g')/admin" \
    --eval 'db.createUser({
      user: process.env.MONGO_INITDB_ROOT_USERNAME,
      pwd: process.env.MONGO_INITDB_ROOT_PASSWORD,
      roles: [{role: "root", db: "admin"}]
    })'
  kill "$server"
  wait "$server"
  server=
  rm -rf "$private"
  trap - EXIT
}

stop_setting_up() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || :
    wait "$server" || :
  fi
  rm -rf "$private"
}

directory=
for word; do
  case $word in
  --config=*) directory=$(sed -n 's/^ *dbPath: *//p' "${word#*=}") ;;
  esac
done
[ -n "$directory" ] || fail 'the configuration names no data directory'
first_start "$directory" "$@"
serve "$@"
