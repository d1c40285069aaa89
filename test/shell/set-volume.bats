#!/usr/bin/env bats
# What the volume has to be. What `gluster volume info` tells is a file under WORLD.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  export WORLD=$BATS_TEST_TMPDIR/world
  mkdir "$WORLD"
  cat >"$WORLD/info" <<'TEXT'
 
Volume Name: data
Status: Created
Number of Bricks: 1 x 3 = 3
Bricks:
Brick1: 10.77.0.11:/srv/gluster/brick
Brick2: 10.77.0.12:/srv/gluster/brick
Brick3: 10.77.0.13:/srv/gluster/brick
Options Reconfigured:
nfs.disable: on
network.ping-timeout: 42
TEXT
  stub hostname 'echo node1'
  stub sleep '[[ ! -e "$WORLD/info.later" ]] || mv "$WORLD/info.later" "$WORLD/info"'
  stub gluster '
case $* in
  "volume info data") cat "$WORLD/info" 2>/dev/null ;;
  "--mode=script volume start data") sed -i "s/^Status: .*/Status: Started/" "$WORLD/info" ;;
  "--mode=script volume set data "*)
    [[ ! -e "$WORLD/refuses" ]] || { echo "volume set: failed: Another transaction is in progress" >&2; exit 1; }
    shift 4
    while (($#)); do sed -i "/^$1: /d" "$WORLD/info"; echo "$1: $2" >>"$WORLD/info"; shift 2; done ;;
esac'
  value VOLUME data
  value BRICKS $'10.77.0.12:/srv/gluster/brick\n10.77.0.11:/srv/gluster/brick\n10.77.0.13:/srv/gluster/brick'
  value OPTIONS $'network.ping-timeout 10\ncluster.quorum-type auto\nnfs.disable on'
  value TIMEOUT_SECONDS 3
}

step() {
  run_step gluster/scripts/set-volume.sh "$@"
}

@test "sets the options that differ in one command, then starts the volume" {
  step
  expect_status 0
  [[ "$output" == "changed options of volume data"$'\n'"changed volume data" ]]
  grep -v info "$CALLS" | diff - /dev/fd/3 3<<'TEXT'
gluster --mode=script volume set data network.ping-timeout 10 cluster.quorum-type auto
gluster --mode=script volume start data
TEXT
}

@test "changes nothing in a second run" {
  step
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" ]]
  refuse_call 'set|start'
}

@test "waits until a machine that came back empty has been told of the volume" {
  mv "$WORLD/info" "$WORLD/info.later"
  step
  expect_status 0
  expect_call "gluster --mode=script volume start data"
}

@test "says so where the machine does not know the volume, in a check at once" {
  rm "$WORLD/info"
  step
  expect_status 1
  [[ "$output" == "node1: volume data: is not known here; see: gluster pool list" ]]
  : >"$CALLS"
  step check
  expect_status 1
  [[ "$(grep -c '^sleep' "$CALLS")" -le 1 ]]
}

@test "refuses a volume whose copies lie on other machines" {
  sed -i 's/10.77.0.13/10.77.0.14/' "$WORLD/info"
  step
  expect_status 1
  expect_text "node1: volume data: must have its copies on 10.77.0.12:/srv/gluster/brick 10.77.0.11:/srv/gluster/brick 10.77.0.13:/srv/gluster/brick, has them on 10.77.0.11:/srv/gluster/brick 10.77.0.12:/srv/gluster/brick 10.77.0.14:/srv/gluster/brick; they cannot be moved"
  refuse_call 'set|start'
}

@test "fails with GlusterFS's own words where it refuses, and starts nothing" {
  touch "$WORLD/refuses"
  step
  expect_status 1
  [[ "$output" == "volume set: failed: Another transaction is in progress" ]]
  refuse_call 'volume start'
}

@test "says in a check what it would change, and changes nothing" {
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<'TEXT'
GlusterFS option network.ping-timeout is not as it should be
GlusterFS option cluster.quorum-type is not as it should be
volume data is not started
TEXT
  refuse_call 'set|start'
}

@test "names a value that is missing" {
  expect_missing_named gluster/scripts/set-volume.sh VOLUME BRICKS OPTIONS TIMEOUT_SECONDS
}
