#!/usr/bin/env bats
# GlusterFS's daemon on a manager, as a peer of the others.

# shellcheck disable=SC2016 # a stub's text is for the stub
STATE=/var/lib/glusterd
CONF=/etc/glusterfs/glusterd.vol
DROP_IN=/etc/systemd/system/glusterd.service.d/swarmstead.conf

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world
  mkdir -p "$FILES_ROOT$STATE" "$WORLD"
  stub hostname 'echo node1'
  stub systemctl '
unit=$WORLD/${!#}
case $1 in
  show) cat "$unit.enabled" "$unit.active" 2>/dev/null; true ;;
  enable) echo UnitFileState=enabled >"$unit.enabled" ;;
  start) echo ActiveState=active >"$unit.active" ;;
esac'
  value GLUSTERD_VOL $'volume management\nend-volume\n'
  value DROP_IN $'[Unit]\nAfter=srv-gluster.mount\n'
  value VOLUME data
  value PEER id-1
  value PEERS $'id-2 10.77.0.12\nid-3 10.77.0.13'
}

step() {
  run_step gluster/scripts/set-glusterd.sh "$@"
}

# found_volume  as if the daemon knew the volume
found_volume() {
  mkdir -p "$FILES_ROOT$STATE/vols/data"
  touch "$FILES_ROOT$STATE/vols/data/info"
}

@test "writes down who the machine and its peers are, before the daemon starts" {
  step
  expect_status 0
  diff "$FILES_ROOT$CONF" - <<<$'volume management\nend-volume'
  diff "$FILES_ROOT$DROP_IN" - <<<$'[Unit]\nAfter=srv-gluster.mount'
  diff "$FILES_ROOT$STATE/glusterd.info" - <<<$'UUID=id-1\noperating-version=110000'
  diff "$FILES_ROOT$STATE/peers/id-2" - <<<$'uuid=id-2\nstate=3\nhostname1=10.77.0.12'
  diff "$FILES_ROOT$STATE/peers/id-3" - <<<$'uuid=id-3\nstate=3\nhostname1=10.77.0.13'
  grep -v '^systemctl show' "$CALLS" | diff - /dev/fd/3 3<<'TEXT'
systemctl daemon-reload
systemctl try-restart glusterd.service
systemctl enable --quiet glusterd.service
systemctl start glusterd.service
TEXT
}

@test "changes nothing in a second run, whatever the daemon has written beside" {
  step
  found_volume
  printf 'UUID=id-1\noperating-version=120000\n' >"$FILES_ROOT$STATE/glusterd.info"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl [^s]'
}

@test "tells a daemon that was started before, even where the last run was cut off" {
  step
  printf 'UUID=id-other\n' >"$FILES_ROOT$STATE/glusterd.info"
  rm -r "$FILES_ROOT$STATE/peers"
  stub systemctl '[[ $1 != try-restart ]]'
  step
  expect_status 1
  step check
  expect_text "glusterd has not been told who its peers are"
  stub systemctl
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl try-restart glusterd.service"
  : >"$CALLS"
  step
  refuse_call try-restart
}

@test "does not restart the daemon for a changed configuration" {
  step
  found_volume
  value GLUSTERD_VOL $'volume management\n    option x\nend-volume\n'
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "changed $CONF" ]]
  refuse_call 'restart'
}

@test "refuses a daemon that belongs to others, and changes nothing of it" {
  printf 'UUID=id-other\n' >"$FILES_ROOT$STATE/glusterd.info"
  mkdir "$FILES_ROOT$STATE/peers"
  touch "$FILES_ROOT$STATE/peers/id-2"
  before=$(snapshot "$FILES_ROOT$STATE")
  step
  expect_status 1
  expect_text "node1: $STATE: must be of this cluster's GlusterFS, or empty; it has volumes or peers of another; move it elsewhere"
  [[ "$(snapshot "$FILES_ROOT$STATE")" == "$before" ]]
  refuse_call '^systemctl (start|enable|restart|try)'
}

@test "refuses another peer once there is a volume" {
  step
  found_volume
  value PEERS $'id-2 10.77.0.12\nid-4 10.77.0.14'
  : >"$CALLS"
  step
  expect_status 1
  expect_text "node1: $STATE/peers/id-4: must name 10.77.0.14, and does not; the volume's machines cannot be exchanged"
  [[ ! -e "$FILES_ROOT$STATE/peers/id-4" ]]
  refuse_call 'restart'
}

@test "says in a check what it would change, and changes nothing" {
  before=$(snapshot "$FILES_ROOT")
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$CONF is not as it should be
$DROP_IN is not as it should be
$STATE/glusterd.info is not of this machine
$STATE/peers/id-2 is not as it should be
$STATE/peers/id-3 is not as it should be
glusterd.service does not start at boot
glusterd.service does not run
TEXT
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl [^s]'
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
}

@test "names a value that is missing" {
  expect_missing_named gluster/scripts/set-glusterd.sh GLUSTERD_VOL DROP_IN VOLUME PEER PEERS
}
