#!/usr/bin/env bash
# Starts MariaDB by the variables of the official image; its arguments go to the server. Runs as the user mysql.
#
# Reads: MARIADB_DATABASE            database that is made where it is not there
#        MARIADB_USER                who may do anything in it, from any host
#        MARIADB_PASSWORD_FILE       file with that user's password
#        MARIADB_ROOT_PASSWORD_FILE  file with the password of root, who may come by the socket without (default none)
#
# Databases and passwords are set at every start, so that a new password takes no more than one.
set -euo pipefail

DATA=/var/lib/mysql
# Stands while the files beside it are being made: no client has ever reached them, so they can be made anew.
MARK=$DATA/.unfinished
LOCK=$DATA/.lock

# The lock is kept for as long as the server lives, which inherits it. A node that is taken for dead may still run one:
# until the storage has shut that node out, this one waits. InnoDB has locks of its own, on each file; but they guard no
# datadir that is being made, and a server that does not get them ends.
lock_data() {
  exec 9>>"$LOCK"
  if ! flock --nonblock 9; then
    echo "another server has the data; waiting until it has ended, or the storage has shut out its node"
    until flock --nonblock 9; do
      sleep 1
    done
  fi
}

# Prints what is in the datadir beside this script's own.
list_data() {
  find "$DATA" -mindepth 1 -maxdepth 1 ! -path "$MARK" ! -path "$LOCK" ! -name lost+found
}

# On the container's own disk first: each of the tables is made and synced by itself, for which a storage of several
# machines takes a tenth of a second and more.
make_data() {
  local install made=/tmp/made
  echo "making the system tables"
  rm -rf "$made"
  mkdir "$made"
  find "$DATA" -mindepth 1 ! -path "$MARK" ! -path "$LOCK" ! -path "$DATA/lost+found*" -delete
  # In the background, so that the container can be stopped meanwhile.
  mariadb-install-db --datadir="$made" --cross-bootstrap --skip-test-db \
    --auth-root-authentication-method=socket "$@" >/tmp/install.log 2>&1 &
  install=$!
  wait "$install" || {
    cat /tmp/install.log >&2
    exit 1
  }
  cp --archive "$made/." "$DATA/"
  rm -rf "$made"
  sync --file-system "$DATA"
  rm "$MARK"
  sync "$DATA"
}

prepare_data() {
  if [[ ! -e "$MARK" && -z "$(list_data)" ]]; then
    : >"$MARK"
    sync "$DATA"
  fi
  if [[ -e "$MARK" ]]; then
    make_data "$@"
  elif [[ ! -d "$DATA/mysql" ]]; then
    echo "$DATA: must be empty or hold a database, holds neither; move away what is in it" >&2
    exit 1
  fi
}

# quote_text TEXT  as SQL has it
quote_text() {
  local text=${1//\\/\\\\}
  printf "'%s'" "${text//\'/\\\'}"
}

# What has to hold in any case, in words that change nothing where it does.
render_accounts() {
  local user password database=${MARIADB_DATABASE//\`/\`\`}
  user="$(quote_text "$MARIADB_USER")@'%'"
  password=$(quote_text "$(<"$MARIADB_PASSWORD_FILE")")
  cat <<SQL
CREATE DATABASE IF NOT EXISTS \`$database\`;
CREATE USER IF NOT EXISTS $user;
ALTER USER $user IDENTIFIED BY $password;
GRANT ALL ON \`${database//_/\\_}\`.* TO $user;
CREATE USER IF NOT EXISTS mysql@localhost IDENTIFIED VIA unix_socket;
SQL
  if [[ -n "${MARIADB_ROOT_PASSWORD_FILE:-}" ]]; then
    password=$(quote_text "$(<"$MARIADB_ROOT_PASSWORD_FILE")")
    echo "ALTER USER root@localhost IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD($password);"
  fi
}

main() {
  : "${MARIADB_DATABASE:?}" "${MARIADB_USER:?}" "${MARIADB_PASSWORD_FILE:?}"
  trap 'exit 143' TERM
  [[ "${1:-}" != mariadbd ]] || shift
  local accounts
  accounts=$(render_accounts)
  lock_data
  prepare_data "$@"
  # The server reads the accounts before it listens, by a pipe: bash makes one of a text that fits into it.
  exec mariadbd --datadir="$DATA" --init-file=/dev/fd/8 "$@" 8<<<"$accounts"
}

main "$@"
