#!/usr/bin/env bats
# The copy on a manager whose disk came back empty.

# shellcheck disable=SC2016 # a stub's text is for the stub
BRICK=/srv/gluster/brick

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world
  mkdir -p "$FILES_ROOT$BRICK" "$FILES_ROOT/var/lib/glusterd/vols/data" "$WORLD"
  touch "$FILES_ROOT/var/lib/glusterd/vols/data/info" "$WORLD/connected"
  stub hostname 'echo node3'
  stub sync
  stub sleep
  stub systemctl
  # The brick's own line is first or last; it never counts.
  stub gluster '
case $* in
  "pool list")
    [[ ! -e "$WORLD/connected" ]] || printf "id\thost\tConnected \nid\thost\tConnected \nid\tlocalhost\tConnected \n" ;;
  "volume heal data info summary")
    [[ ! -e "$WORLD/unknown" ]] || exit 1
    for number in 1 2 3; do
      printf "Brick 10.77.0.1%s:/srv/gluster/brick\n" "$number"
      [[ -e "$WORLD/away.$number" ]] && echo "Status: Transport endpoint is not connected" || echo "Status: Connected"
    done ;;
  *"commit force")
    [[ ! -e "$WORLD/power-cut" ]] || exit 1
    mkdir -p "$FILES_ROOT/srv/gluster/brick/.glusterfs/00" ;;
esac'
  touch "$WORLD/away.3"
  value VOLUME data
  value ADDRESS 10.77.0.13
  value DISK_FOLDER /srv/gluster
  value BRICK "$BRICK"
  value TIMEOUT_SECONDS 3
}

step() {
  run_step gluster/scripts/restore-brick.sh "$@"
}

CHANGES='^systemctl|reset-brick'

@test "has the others fill an empty brick, behind a restart of the daemon" {
  step
  expect_status 0
  [[ "$output" == "changed $BRICK" ]]
  grep -E "$CHANGES" "$CALLS" | diff - /dev/fd/3 3<<TEXT
systemctl restart glusterd.service
gluster --mode=script volume reset-brick data 10.77.0.13:$BRICK start
gluster --mode=script volume reset-brick data 10.77.0.13:$BRICK 10.77.0.13:$BRICK commit force
TEXT
  : >"$CALLS"
  step
  [[ "$status" -eq 0 && "$output" == "" ]]
  [[ ! -s "$CALLS" ]]
}

@test "leaves a brick alone that has been served" {
  mkdir -p "$FILES_ROOT$BRICK/.glusterfs/00"
  step
  expect_status 0
  [[ "$output" == "" && ! -s "$CALLS" ]]
}

@test "takes a brick for empty that has only what GlusterFS makes before it serves it" {
  mkdir "$FILES_ROOT$BRICK/.glusterfs"
  step
  [[ "$output" == "changed $BRICK" ]]
}

@test "begins again where the last run was cut off, though the brick has been served meanwhile" {
  touch "$WORLD/power-cut"
  step
  expect_status 1
  [[ -e "$FILES_ROOT/srv/gluster/restoring" ]]
  rm "$WORLD/power-cut"
  mkdir -p "$FILES_ROOT$BRICK/.glusterfs/00"
  step check
  [[ "$output" == "$BRICK holds no copy of the volume" ]]
  step
  [[ "$output" == "changed $BRICK" && ! -e "$FILES_ROOT/srv/gluster/restoring" ]]
}

@test "refuses to guess where another copy is away, or nobody knows" {
  local mark
  for mark in away.1 away.2 unknown; do
    touch "$WORLD/$mark"
    step
    expect_status 1
    expect_text "node3: $BRICK: is empty, and the two other copies that could fill it do not both answer; bring them back first"
    rm "$WORLD/$mark"
  done
  refuse_call "$CHANGES"
}

@test "says so where its daemon does not know the volume, does not meet the others, or has no disk" {
  rm "$WORLD/connected"
  step
  expect_status 1
  expect_text "node3: GlusterFS does not meet the others after 3 s"
  refuse_call 'reset-brick'
  rm "$FILES_ROOT/var/lib/glusterd/vols/data/info"
  step
  expect_status 1
  expect_text "node3: volume data: is not known here after 3 s"
  rm -r "${FILES_ROOT:?}$BRICK"
  step
  expect_status 1
  expect_text "node3: $BRICK: is not there, as its disk is not mounted on /srv/gluster"
}

@test "says in a check what it would change, and asks nobody" {
  step check
  expect_status 0
  [[ "$output" == "$BRICK holds no copy of the volume" ]]
  refuse_call '^gluster|^systemctl|^sleep'
}

@test "names a value that is missing" {
  expect_missing_named gluster/scripts/restore-brick.sh VOLUME ADDRESS DISK_FOLDER BRICK TIMEOUT_SECONDS
}
