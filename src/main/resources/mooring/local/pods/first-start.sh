set -eu
umask 077

# Everything of this file system reaches the disk.
flush() { # PATH
  sync -f "$1" 2>/dev/null || sync
}

# Has set_up fill the data directory, unless that was finished before. Removes what a set_up that was
# broken off has left: no server ever runs with half of its users. Beside the data, a directory tells
# that they are not finished.
first_start() { # DATA ARGUMENTS
  data=$1
  shift
  mkdir -p "$data"
  contents=$(ls -A "$data")
  if [ -n "$contents" ] && [ ! -e "$data.unfinished" ]; then
    return
  fi
  echo 'setting up the data directory'
  trap 'exit 143' INT TERM # once the program that runs has ended, so that none is left alone
  mkdir -p "$data.unfinished"
  flush "$data"
  find "$data" "$data.unfinished" -mindepth 1 -delete
  set_up "$@"
  flush "$data"
  rm -r "$data.unfinished"
  flush "$data"
  trap - INT TERM
}

run() {
  (become "$@")
}

fail() { # REASON
  echo "$1" >&2
  exit 1
}
