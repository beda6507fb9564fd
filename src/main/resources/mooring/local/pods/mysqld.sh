# In the place of the entry point of MySQL's image. This machine's own configuration of MySQL, where
# the image has another, does not count.
case ${1:-} in
--defaults-extra-file=*)
  defaults=--defaults-file=${1#*=}
  shift
  ;;
*) defaults=--no-defaults ;;
esac
set -- "$defaults" "$@"

literal() { # TEXT
  printf "'%s'" "$(printf '%s' "$1" | sed "s/\\\\/&&/g; s/'/''/g")"
}

# The server stops reading at a statement that fails, and may end as if nothing had been wrong: the
# file tells that none did.
statements() {
  user="$(literal "$MYSQL_USER")@'%'"
  echo "CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
  echo "CREATE USER $user IDENTIFIED BY $(literal "$MYSQL_PASSWORD");"
  echo "GRANT ALL ON \`$(echo "$MYSQL_DATABASE" | sed 's/_/\\&/g')\`.* TO $user;"
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(literal "$MYSQL_ROOT_PASSWORD");"
  echo "SELECT 1 INTO OUTFILE $(literal "$data.unfinished/login");"
  echo 'SHUTDOWN;'
}

set_up() {
  run "$@" --initialize-insecure --skip-networking --socket=
  if ! statements | run "$@" --skip-networking --socket= --mysqlx=OFF --pid-file=mysqld.pid \
    --secure-file-priv="$data.unfinished" --init-file=/dev/stdin ||
    [ ! -e "$data.unfinished/login" ]; then
    fail 'the login could not be made'
  fi
}

directory=$(run "$@" --verbose --help | awk '$1 == "datadir" { print $2 }')
[ -n "$directory" ] || fail 'the configuration names no data directory'
first_start "${directory%/}" "$@"
serve "$@"
