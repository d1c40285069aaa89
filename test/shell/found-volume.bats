#!/usr/bin/env bats
# The volume, which all managers found together. What is on a machine is under WORLD/<name>: its brick, and whether its
# daemon knows the volume.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  make_machines manager:node1 manager:node2 manager:node3
  export STEP=run_visiting_step
  local name
  for name in node1 node2 node3; do mkdir -p "$WORLD/$name/brick"; done
  # The scripts name one place on every machine.
  stub sudo '
[[ "$*" == bash* ]] || exit 2
text=$(sed -e "s|/var/lib/glusterd|$WORLD/$MACHINE/glusterd|g" -e "s|BRICK=/srv/gluster/brick |BRICK=$WORLD/$MACHINE/brick |")
exec bash -s <<<"$text"'
  export PEERS=3
  stub hostname 'echo "$MACHINE"'
  stub sleep
  stub gluster '
case $* in
  "pool list") for ((peer = 0; peer < PEERS; peer += 1)); do echo "id	host	Connected "; done; echo "id	host	Disconnected " ;;
  "--mode=script volume create "*) [[ ! -e "$WORLD/refuses" ]] || { echo "volume create: data: failed" >&2; exit 1; } ;;
esac'
  value VOLUME data
  value BRICK /srv/gluster/brick
  value MAP $'node1 10.77.0.11\nnode2 10.77.0.12\nnode3 10.77.0.13'
  value TIMEOUT_SECONDS 3
}

step() {
  run_visiting_step gluster/scripts/found-volume.sh
}

BRICKS="10.77.0.11:/srv/gluster/brick 10.77.0.12:/srv/gluster/brick 10.77.0.13:/srv/gluster/brick"

@test "makes a volume of three copies once all are there and empty" {
  step
  expect_status 0
  [[ "$output" == "changed volume data" ]]
  expect_call "gluster --mode=script volume create data replica 3 $BRICKS"
}

@test "makes nothing where any machine knows the volume, and another does not answer" {
  touch "$WORLD/node1.dead" "$WORLD/node2/brick/file"
  mkdir -p "$WORLD/node3/glusterd/vols/data"
  touch "$WORLD/node3/glusterd/vols/data/info"
  step
  expect_status 0
  refuse_call '^gluster'
  [[ -e "$WORLD/node2/brick/file" ]]
}

@test "takes away what a volume has left whose making was cut off" {
  mkdir "$WORLD/node2/brick/.glusterfs"
  step
  expect_status 0
  [[ -z "$(ls -A "$WORLD/node2/brick")" ]]
  expect_call "gluster --mode=script volume create data replica 3 $BRICKS"
}

@test "refuses machines that do not answer, have no brick, or files in it, and names them all" {
  touch "$WORLD/node1.dead"
  rmdir "$WORLD/node2/brick"
  mkdir -p "$WORLD/node3/brick/.glusterfs/00"
  step
  expect_status 1
  expect_text "volume data: can only be made where every manager answers and has an empty /srv/gluster/brick; node1 does not answer, node2 has no such folder, node3 has files in it; bring back"
  refuse_call '^gluster'
  [[ -d "$WORLD/node3/brick/.glusterfs/00" ]]
}

@test "says so where the daemons do not meet" {
  PEERS=2 step
  expect_status 1
  expect_text "node1: its GlusterFS is not connected to the others after 3 s; see: gluster pool list"
  [[ "$(grep -c '^sleep 1$' "$CALLS")" -eq 3 ]]
  refuse_call 'volume create'
}

@test "fails with GlusterFS's own words where it refuses" {
  touch "$WORLD/refuses"
  step
  expect_status 1
  [[ "$output" == "volume create: data: failed" ]]
}

@test "names a value that is missing" {
  expect_missing_named gluster/scripts/found-volume.sh VOLUME BRICK MAP TIMEOUT_SECONDS
}
