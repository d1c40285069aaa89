#!/usr/bin/env bats
# The stamp that every step leaves on its machine. Its folder cannot be moved, so this runs with another /var/lib.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  LIB=$BATS_TEST_TMPDIR/lib
  mkdir "$LIB"
  local user=()
  [[ "$(id -u)" -eq 0 ]] || user=(--map-root-user)
  ELSEWHERE=(unshare --mount "${user[@]}")
  "${ELSEWHERE[@]}" true 2>/dev/null || skip "unshare: this computer lets nobody mount, so stamp.sh was not run"
  value STAMP_STEP node1-base
  value STAMP_HASH 0123abcd
}

# step [ARGUMENT…]  the stamp behind a step, both by stdin
step() {
  local script
  script=$(cat "$VALUES" && echo "${BEFORE:-}" && cat "$ROOT/components/lib/scripts/stamp.sh")
  # shellcheck disable=SC2016 # expanded by the shell within
  run "${ELSEWHERE[@]}" bash -c 'mount --bind "$1" /var/lib && shift && exec bash -s -- "$@"' - "$LIB" "$@" <<<"$script"
}

@test "leaves the step's hash, for root's eyes" {
  step
  expect_status 0
  [[ "$(cat "$LIB/swarmstead/stamps/node1-base")" == 0123abcd ]]
  [[ "$(stat -c %a "$LIB/swarmstead" "$LIB/swarmstead/stamps")" == $'700\n700' ]]
}

@test "changes nothing in a second run, and the file for another hash" {
  step
  before=$(snapshot "$LIB")
  step
  expect_status 0
  [[ "$(snapshot "$LIB")" == "$before" ]]
  value STAMP_HASH 4567
  step
  [[ "$(cat "$LIB/swarmstead/stamps/node1-base")" == 4567 ]]
}

@test "takes the stamp away on delete, again and again" {
  step
  step delete
  expect_status 0
  [[ ! -e "$LIB/swarmstead/stamps/node1-base" ]]
  step delete
  expect_status 0
}

@test "says in a check where the stamp is another, and leaves it" {
  step check
  [[ "$status" -eq 0 && "$output" == "step node1-base has not run here as it is now" ]]
  [[ ! -e "$LIB/swarmstead" ]]
  step
  step check
  [[ "$output" == "" ]]
}

@test "leaves no stamp where the step before it failed" {
  BEFORE=$'set -euo pipefail\nfalse' step
  expect_status 1
  [[ ! -e "$LIB/swarmstead/stamps/node1-base" ]]
}

@test "names a value that is missing" {
  STEP=stamp_without expect_missing_named - STAMP_STEP STAMP_HASH
}

stamp_without() {
  step
}
