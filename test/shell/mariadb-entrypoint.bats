#!/usr/bin/env bats
# The start of the database's container: what is data, and what may be made anew.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  DATA=$BATS_TEST_TMPDIR/data
  mkdir "$DATA"
  echo "it's" >"$BATS_TEST_TMPDIR/password"
  export DATA MARIADB_DATABASE=shop_1 MARIADB_USER=shop MARIADB_PASSWORD_FILE=$BATS_TEST_TMPDIR/password
  sed "s|^DATA=.*|DATA=$DATA|; s|made=/tmp/made|made=$BATS_TEST_TMPDIR/made|" "$ROOT/apps/wordpress/images/mariadb/root/usr/local/bin/docker-entrypoint.sh" \
    >"$BATS_TEST_TMPDIR/entrypoint"
  stub mariadb-install-db '[[ -e "$DATA/.unfinished" ]] || exit 9; made=${1#--datadir=}; mkdir "$made/mysql"; echo new >"$made/mysql/tables"'
  stub mariadbd 'cat /dev/fd/8; flock --nonblock "$DATA/.lock" true || echo locked'
}

start() {
  run bash "$BATS_TEST_TMPDIR/entrypoint" "$@"
}

@test "makes an empty datadir, and serves it with the arguments" {
  mkdir "$DATA/lost+found"
  start mariadbd --max-connections=4
  expect_status 0
  [[ "$(cat "$DATA/mysql/tables")" == new && ! -e "$DATA/.unfinished" && -d "$DATA/lost+found" ]]
  expect_call "mariadbd --datadir=$DATA --init-file=/dev/fd/8 --max-connections=4"
}

@test "sets database and password at every start, and keeps the lock while the server lives" {
  mkdir "$DATA/mysql"
  start
  expect_status 0
  refuse_call install-db
  expect_text "ALTER USER 'shop'@'%' IDENTIFIED BY 'it\\'s';"
  expect_text 'GRANT ALL ON `shop\_1`.* TO '"'shop'@'%';"
  expect_text locked
}

@test "never touches a datadir that holds a database" {
  mkdir "$DATA/mysql"
  echo data >"$DATA/mysql/tables"
  before=$(snapshot "$DATA/mysql")
  start
  [[ "$status" -eq 0 && "$(snapshot "$DATA/mysql")" == "$before" ]]
}

@test "makes anew what an interrupted start has left, as no client has seen it" {
  stub cp 'mkdir "$DATA/mysql"; echo half >"$DATA/mysql/half"; echo "no room" >&2; exit 7'
  start
  [[ "$status" -ne 0 && -e "$DATA/mysql/half" && -e "$DATA/.unfinished" ]]
  expect_text "no room"
  refuse_call '^mariadbd'
  rm "$BIN/cp"
  start
  expect_status 0
  [[ ! -e "$DATA/mysql/half" && "$(cat "$DATA/mysql/tables")" == new && ! -e "$DATA/.unfinished" ]]
}

@test "makes the tables beside the shared storage, and tells why that failed" {
  stub mariadb-install-db 'echo "no such option" >&2; exit 7'
  start
  [[ "$status" -ne 0 && -e "$DATA/.unfinished" && ! -e "$DATA/mysql" ]]
  expect_text "no such option"
  refuse_call "install-db.*--datadir=$DATA "
}

@test "refuses a folder with something else in it, and keeps that" {
  echo letters >"$DATA/letter"
  start
  [[ "$status" -ne 0 && "$(cat "$DATA/letter")" == letters ]]
  expect_text "$DATA: must be empty or hold a database, holds neither; move away what is in it"
  refuse_call 'install-db|^mariadbd'
}

@test "waits until another server has given up the data" {
  mkdir "$DATA/mysql"
  : >"$DATA/.lock"
  flock "$DATA/.lock" sleep 1.5 &
  until ! flock --nonblock "$DATA/.lock" true; do sleep 0.05; done
  start
  expect_status 0
  expect_text "another server has the data"
  expect_call "mariadbd --datadir=$DATA --init-file=/dev/fd/8"
}

@test "names a value that is missing" {
  unset MARIADB_PASSWORD_FILE
  start
  [[ "$status" -ne 0 ]]
  expect_text "MARIADB_PASSWORD_FILE: parameter null or not set"
}
