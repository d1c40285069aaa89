#!/usr/bin/env bats
# The labels of a node.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  LABELS_FILE=$BATS_TEST_TMPDIR/labels
  export LABELS_FILE
  : >"$LABELS_FILE"
  value NAME node1
  value LABELS $'rack=2\ndisk=ssd'
  # A node that keeps its labels; like the real program it prints an empty line at the end.
  stub docker '
case "$1 $2" in
  "node inspect") cat "$LABELS_FILE" 2>/dev/null || { echo "Error: No such node" >&2; exit 1; }; echo ;;
  "node update")
    shift 2
    while [[ $# -gt 1 ]]; do
      sed -i "/^${2%%=*}=/d" "$LABELS_FILE"
      [[ $1 == --label-rm ]] || echo "$2" >>"$LABELS_FILE"
      shift 2
    done ;;
esac'
}

step() {
  run_step swarm/scripts/label-node.sh "$@"
}

@test "gives the labels in one update" {
  step
  expect_status 0
  sort "$LABELS_FILE" | diff - /dev/fd/3 3<<<$'disk=ssd\nrack=2'
  [[ "$(grep -c update "$CALLS")" -eq 1 ]]
}

@test "says in a check that the labels differ, and leaves them" {
  step check
  [[ "$status" -eq 0 && "$output" == "the labels of node node1 are not as they should be" ]]
  refuse_call update
  step
  step check
  [[ "$output" == "" ]]
}

@test "changes nothing in a second run" {
  step
  : >"$CALLS"
  step
  expect_status 0
  refuse_call update
}

@test "changes a value, and takes away what the config does not have" {
  printf 'rack=1\nold=yes\n' >"$LABELS_FILE"
  step
  expect_status 0
  sort "$LABELS_FILE" | diff - /dev/fd/3 3<<<$'disk=ssd\nrack=2'
  expect_call "docker node update --label-rm old --label-add disk=ssd --label-add rack=2 node1"
}

@test "takes all labels away on delete" {
  step
  step delete
  expect_status 0
  [[ ! -s "$LABELS_FILE" ]]
}

@test "has nothing to take away on delete where the node is gone" {
  rm "$LABELS_FILE"
  step delete
  expect_status 0
  refuse_call update
}

@test "fails with Docker's words where the node is not there" {
  stub docker 'echo "Error: No such node: node1" >&2; exit 1'
  step
  [[ "$status" -ne 0 ]]
  expect_text "No such node: node1"
}

@test "names a value that is missing" {
  expect_missing_named swarm/scripts/label-node.sh NAME LABELS
}
