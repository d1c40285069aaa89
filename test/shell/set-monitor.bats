#!/usr/bin/env bats
# The Ceph monitors, with machines that are folders: WORLD/<name>/lib and run are its /var/lib/ceph and /run/ceph, and
# WORLD/<name>/said is what its running monitor says of itself.

# shellcheck disable=SC2016 # a stub's text is for the stub
SECRET=not-for-the-eyes-of-others

setup_file() {
  cd "$BATS_FILE_TMPDIR" || return
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
}

setup() {
  load helper
  make_machines manager:node1 manager:node2 manager:node3
  export TMPDIR=$BATS_TEST_TMPDIR/tmp SOCKET=$BATS_FILE_TMPDIR/socket
  mkdir "$TMPDIR"
  local name
  for name in node1 node2 node3; do
    mkdir -p "$WORLD/$name/etc" "$WORLD/$name/run"
    printf '[mon.]\n\tkey = %s\n' "$SECRET" >"$WORLD/$name/etc/founders.keyring"
  done
  stub sudo '
shift
HERE=$WORLD/$MACHINE
sed "s|/var/lib/ceph|$HERE/lib|g; s|/run/ceph|$HERE/run|g; s|/etc/ceph|$HERE/etc|g" | bash "$@"'
  stub hostname 'echo "$MACHINE"'
  stub sleep
  stub chown
  stub install '
words=()
while (($#)); do
  case $1 in -[og]) shift 2 ;; *) words+=("$1"); shift ;; esac
done
PATH=${PATH#"$BIN:"}
exec install "${words[@]}"'
  stub ceph '
[[ "$*" == "--admin-daemon $WORLD/$MACHINE/run/ceph-mon.$MACHINE.asok mon_status" ]] || exit 22
cat "$WORLD/$MACHINE/said" 2>/dev/null || { echo "admin_socket: exception getting command descriptions" >&2; exit 22; }'
  stub monmaptool 'printf "%s\n" "$*" >"${!#}"'
  stub ceph-mon '
[[ -s "$5" && -s "$7" && ! -e "$WORLD/power-cut" ]] || exit 1
touch "$WORLD/$MACHINE/lib/mon/ceph-$3/store"'
  stub systemctl '
unit=$WORLD/$MACHINE/${3:-}
case $1 in
  is-enabled) [[ -e "$unit.enabled" ]] ;;
  is-active) [[ -e "$unit.active" ]] ;;
  enable) touch "$unit.enabled" ;;
  start) [[ -e "$WORLD/broken" ]] || ln -sf "$SOCKET" "$WORLD/$MACHINE/run/ceph-mon.$MACHINE.asok"
    touch "$WORLD/$MACHINE/$2.active" ;;
esac'
  value NAME node1
  value FSID 11-22
  value MAP $'node1 10.77.0.11\nnode2 10.77.0.12\nnode3 10.77.0.13'
}

step() {
  run_visiting_step ceph/scripts/set-monitor.sh
}

# monitor NAME STATE  as if that machine's monitor was none, stopped, new, alone, quorum or, with its machine, silent
monitor() {
  local here=$WORLD/$1 said=""
  rm -rf "${here:?}/lib" "$here/said" "$here.dead"
  case $2 in
    none) return ;;
    silent) touch "$here.dead" ;;
    new) said='{"state": "probing", "quorum": [], "monmap": {"epoch": 0}}' ;;
    alone) said='{"state": "electing", "quorum": [], "monmap": {"epoch": 2}}' ;;
    quorum) said='{"state": "peon", "quorum": [0, 1], "monmap": {"epoch": 2}}' ;;
  esac
  mkdir -p "$here/lib/mon/ceph-$1"
  touch "$here/lib/mon/ceph-$1/done" "$here/lib/mon/ceph-$1/memory"
  [[ -z "$said" ]] || echo "$said" >"$here/said"
}

MADE='^(monmaptool|ceph-mon) |^install'

@test "makes a monitor with the map of all, and starts it, where no machine has one" {
  step
  expect_status 0
  [[ "$output" == "changed $WORLD/node1/lib/mon/ceph-node1" ]]
  [[ "$(stat -c %a "$WORLD/node1/lib/mon/ceph-node1")" == 750 && -e "$WORLD/node1/lib/mon/ceph-node1/done" ]]
  grep -E "$MADE|^systemctl [^i]" "$CALLS" | sed "s|$WORLD/node1|HERE|; s|$TMPDIR/tmp\.[^ ]*|MAP|" | diff - /dev/fd/3 3<<'TEXT'
monmaptool --create --clobber --fsid 11-22 --addv node1 [v2:10.77.0.11:3300,v1:10.77.0.11:6789] --addv node2 [v2:10.77.0.12:3300,v1:10.77.0.12:6789] --addv node3 [v2:10.77.0.13:3300,v1:10.77.0.13:6789] --set-min-mon-release reef MAP
install -d -o ceph -g ceph -m 750 HERE/lib/mon/ceph-node1
ceph-mon --mkfs -i node1 --monmap MAP --keyring HERE/etc/founders.keyring --setuser ceph --setgroup ceph
systemctl enable --quiet ceph-mon@node1 ceph.target ceph-mon.target
systemctl reset-failed ceph-mon@node1
systemctl start ceph-mon@node1
TEXT
  [[ "$(ls "$TMPDIR")" == "" ]]
}

@test "makes one where the others have never been in a quorum" {
  monitor node2 new
  step
  expect_status 0
  expect_text "changed "
}

@test "makes one where another has a quorum, whatever the third is" {
  monitor node3 quorum
  local state
  for state in stopped alone silent; do
    monitor node1 none
    monitor node2 "$state"
    step
    expect_status 0
    expect_text "changed $WORLD/node1/lib/mon/ceph-node1"
  done
}

@test "makes none where another has a memory and no quorum" {
  local state
  for state in stopped alone silent; do
    monitor node3 "$state"
    step
    expect_status 1
    [[ "${lines[-1]}" == "node1: its monitor has no memory, and the others have no quorum that it could learn from: node3 ($state); bring them back first, then run this again" ]]
  done
  monitor node2 stopped
  step
  expect_text "learn from: node2 (stopped) node3 (silent); bring"
  refuse_call "$MADE|^systemctl"
  [[ ! -e "$WORLD/node1/lib" ]]
}

@test "changes nothing and starts nothing in a second run, and asks nobody else" {
  step
  monitor node1 quorum
  touch "$WORLD/node2.dead"
  before=$(snapshot "$WORLD")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$WORLD")" == "$before" ]]
  refuse_call "$MADE|^systemctl (enable|start|restart|reset)|^chown"
}

@test "starts one that has a memory and does not run, and makes it not anew, whatever the others are" {
  monitor node1 stopped
  monitor node2 stopped
  touch "$WORLD/node3.dead"
  step
  expect_status 0
  [[ "$output" == "" && -e "$WORLD/node1/lib/mon/ceph-node1/memory" ]]
  expect_call "systemctl start ceph-mon@node1"
  refuse_call "$MADE"
}

@test "begins again where the making was cut off, without what it left" {
  touch "$WORLD/power-cut"
  step
  expect_status 1
  [[ ! -e "$WORLD/node1/lib/mon/ceph-node1/done" && "$(ls "$TMPDIR")" == "" ]]
  refuse_call '^systemctl'
  touch "$WORLD/node1/lib/mon/ceph-node1/half"
  rm "$WORLD/power-cut"
  step
  expect_status 0
  [[ "$(ls "$WORLD/node1/lib/mon/ceph-node1")" == $'done\nstore' ]]
}

@test "shows a key on no command line and in no output" {
  step
  expect_status 0
  grep -Fq "$SECRET" "$WORLD/node1/etc/founders.keyring"
  refuse_call "$SECRET"
  [[ "$output" != *"$SECRET"* ]]
}

@test "says so where the machine itself does not answer" {
  touch "$WORLD/node1.dead"
  step
  expect_status 1
  [[ "${lines[-1]}" == "node1: does not answer" ]]
}

@test "says so where the monitor does not run" {
  touch "$WORLD/broken"
  step
  expect_status 1
  [[ "${lines[-1]}" == "node1: its monitor does not run; see: journalctl -u ceph-mon@node1 -n 30" ]]
}

@test "names a value that is missing" {
  STEP=run_visiting_step expect_missing_named ceph/scripts/set-monitor.sh NAME FSID MAP
}
