#!/usr/bin/env bats
# Ending a stack, with a swarm that is a folder: a file of SWARM is a task.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  value STACK app
  SWARM=$BATS_TEST_TMPDIR/swarm
  export SWARM
  mkdir -p "$SWARM"
  touch "$SWARM/task1" "$SWARM/task2"
  stub sleep 'rm -f "$SWARM/$(ls "$SWARM" | head -n 1)"'
  stub docker '
case "$1 $2" in
  "info "*) [[ -z "${SILENT:-}" ]] ;;
  "stack rm") touch "$SWARM/.removed" ;;
  "stack ps") ls "$SWARM" ;;
esac'
}

step() {
  run_step stack/scripts/own-stack.sh "$@"
}

@test "changes nothing as it comes into being" {
  step
  expect_status 0
  [[ "$(ls "$SWARM")" == $'task1\ntask2' && ! -e "$SWARM/.removed" ]]
}

@test "removes the stack on delete and waits until its tasks are gone" {
  step delete
  expect_status 0
  expect_call "docker stack rm app"
  [[ -z "$(ls "$SWARM")" ]]
  step delete
  expect_status 0
}

@test "does not take a silent Docker for an end of the stack" {
  SILENT=yes step delete
  [[ "$status" -ne 0 && ! -e "$SWARM/.removed" ]]
}

@test "names a value that is missing" {
  expect_missing_named stack/scripts/own-stack.sh STACK
}
