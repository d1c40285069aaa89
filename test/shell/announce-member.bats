#!/usr/bin/env bats
# Making a worker known to the others, and them to it. Each machine is a folder of its own: what is sent to it runs with
# its paths moved.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  make_machines manager:node1 manager:node2 worker:node4
  local name
  for name in node1 node2 node4; do
    mkdir -p "$WORLD/$name/members"
  done
  for name in node1 node2; do
    echo 10.77.0.11 >"$WORLD/$name/members/node1"
    echo 10.77.0.12 >"$WORLD/$name/members/node2"
  done
  echo 10.77.0.14 >"$WORLD/node4/members/node4"
  stub apply-members
  # The machine's shell: the same text, with the machine's folder in the place of the system's.
  stub sudo '
shift
sed "s#/etc/swarmstead/members#$WORLD/$MACHINE/members#g; s#/usr/local/lib/swarmstead/apply-members#$BIN/apply-members $MACHINE#" |
  /bin/bash "$@"'
  value NAME node4
  value ADDRESS 10.77.0.14
}

step() {
  run_visiting_step host/scripts/announce-member.sh "$@"
}

@test "tells every other machine of it, and it of every other" {
  step
  expect_status 0
  local name
  for name in node1 node2 node4; do
    grep -r . "$WORLD/$name/members" | sed 's#.*/##' | sort | diff - /dev/fd/3 3<<<$'node1:10.77.0.11\nnode2:10.77.0.12\nnode4:10.77.0.14'
    expect_call "apply-members $name"
  done
}

@test "changes no file in a second run" {
  step
  before=$(snapshot "$WORLD")
  step
  expect_status 0
  [[ "$(snapshot "$WORLD")" == "$before" ]]
}

@test "writes a new address over the old" {
  step
  value ADDRESS 10.77.0.24
  step
  expect_status 0
  [[ "$(cat "$WORLD/node1/members/node4")" == 10.77.0.24 ]]
}

@test "names the machine that could not be told, and tells the others all the same" {
  touch "$WORLD/node1.dead"
  step
  expect_status 1
  expect_text "node1: could not be told of node4; start it, then run the command again"
  [[ "$(cat "$WORLD/node2/members/node4")" == 10.77.0.14 ]]
  expect_call "apply-members node4"
}

@test "makes it unknown to the others on delete, and leaves them known" {
  step
  : >"$CALLS"
  step delete
  expect_status 0
  [[ ! -e "$WORLD/node1/members/node4" && ! -e "$WORLD/node2/members/node4" && -e "$WORLD/node1/members/node2" ]]
  expect_call "apply-members node1"
  refuse_call 'apply-members node4'
}

@test "names a value that is missing" {
  STEP=run_visiting_step expect_missing_named host/scripts/announce-member.sh NAME ADDRESS
}
