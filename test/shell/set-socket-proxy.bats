#!/usr/bin/env bats
# What the socket proxy needs of a manager: its configuration, and the folder that its socket is in.

# shellcheck disable=SC2016 # a stub's text is for the stub
CONF=/etc/swarmstead/entry/haproxy.cfg
TMPFILES=/etc/tmpfiles.d/swarmstead-socket-proxy.conf
SOCKETS=/run/swarmstead/socket-proxy

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  stub systemd-tmpfiles '
[[ "$1" == --create ]] || exit 2
read -r _ folder mode _ <"$2"
install -d -m "$mode" "$FILES_ROOT$folder"'
  value CONF "$CONF"
  value HAPROXY_CFG $'global\n  maxconn 1\n'
  value SOCKET_FOLDER "$SOCKETS"
  # A folder that a test makes belongs to its own group.
  value GROUP "$(id -g)"
}

step() {
  run_step socket-proxy/scripts/set-socket-proxy.sh "$@"
}

@test "writes the configuration, and makes the folder as it is at every boot" {
  step
  expect_status 0
  diff "$FILES_ROOT$CONF" - <<<$'global\n  maxconn 1'
  diff "$FILES_ROOT$TMPFILES" - <<<"d $SOCKETS 0750 root $(id -g) -"
  [[ "$(stat -c %a "$FILES_ROOT$SOCKETS")" == 750 ]]
  expect_call "systemd-tmpfiles --create $FILES_ROOT$TMPFILES"
}

@test "changes nothing in a second run, and leaves the socket where it is" {
  step
  touch "$FILES_ROOT$SOCKETS/docker.sock"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  [[ "$status" -eq 0 && "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call systemd-tmpfiles
}

@test "gives the folder back to its group alone" {
  step
  chmod 755 "$FILES_ROOT$SOCKETS"
  step check
  [[ "$output" == "$SOCKETS is not there for its group alone" ]]
  step
  expect_status 0
  [[ "$(stat -c %a "$FILES_ROOT$SOCKETS")" == 750 ]]
}

@test "says in a check what it would change, and changes nothing" {
  mkdir "$FILES_ROOT"
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$CONF is not as it should be
$TMPFILES is not as it should be
$SOCKETS is not there for its group alone
TEXT
  [[ -z "$(ls -A "$FILES_ROOT")" ]]
  refuse_call systemd-tmpfiles
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
}

@test "takes away what it made with delete, and nothing else" {
  step
  touch "$FILES_ROOT/etc/swarmstead/entry/other"
  step delete
  expect_status 0
  [[ ! -e "$FILES_ROOT$CONF" && ! -e "$FILES_ROOT$TMPFILES" && ! -e "$FILES_ROOT$SOCKETS" ]]
  [[ -e "$FILES_ROOT/etc/swarmstead/entry/other" ]]
  step delete
  expect_status 0
}

@test "names a value that is missing" {
  expect_missing_named socket-proxy/scripts/set-socket-proxy.sh CONF HAPROXY_CFG SOCKET_FOLDER GROUP
}
