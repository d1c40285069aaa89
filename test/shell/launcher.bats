#!/usr/bin/env bats
# The launcher's own part: npm's packages, also where their installation is interrupted.

setup() {
  load helper
  CHECKOUT=$BATS_TEST_TMPDIR/checkout
  export CHECKOUT
  mkdir -p "$CHECKOUT"
  cp "$ROOT/swarmstead" "$CHECKOUT/"
  echo '{}' >"$CHECKOUT/package-lock.json"
  stub node '[[ "$1" != --version ]] || echo v20.0.0'
  stub npm 'mkdir -p "$CHECKOUT/node_modules"; touch "$CHECKOUT/begun"; [[ ! -e "$CHECKOUT/slow" ]] || sleep 2
touch "$CHECKOUT/node_modules/.package-lock.json"'
}

installations() {
  grep -c '^npm' "$CALLS"
}

wait_for_npm() {
  for _ in $(seq 100); do
    [[ ! -e "$CHECKOUT/begun" ]] || return 0
    sleep 0.05
  done
  return 1
}

@test "installs npm's packages once, and hands over" {
  run "$CHECKOUT/swarmstead" up
  [ "$status" -eq 0 ]
  run "$CHECKOUT/swarmstead" up
  [ "$status" -eq 0 ]
  [ "$(installations)" -eq 1 ]
  grep -q "ops/main.ts up" "$CALLS"
  [ ! -e "$CHECKOUT/node_modules.log" ]
}

@test "ends npm when it is interrupted, and the next run installs again" {
  touch "$CHECKOUT/slow"
  "$CHECKOUT/swarmstead" up 2>"$BATS_TEST_TMPDIR/said" 3>&- &
  local launcher=$! code=0
  wait_for_npm
  kill -TERM "$launcher"
  wait "$launcher" || code=$?
  [ "$code" -eq 143 ]
  grep -q "interrupted while installing npm packages; run it again" "$BATS_TEST_TMPDIR/said"
  [ ! -e "$CHECKOUT/node_modules.log" ]
  rm "$CHECKOUT/slow"
  run "$CHECKOUT/swarmstead" up
  [ "$status" -eq 0 ]
  [ "$(installations)" -eq 2 ]
}

@test "waits for the npm that a killed launcher has left, and does not install beside it" {
  touch "$CHECKOUT/slow"
  "$CHECKOUT/swarmstead" up 3>&- &
  local launcher=$!
  wait_for_npm
  kill -KILL "$launcher"
  run "$CHECKOUT/swarmstead" up
  [ "$status" -eq 0 ]
  [[ "$output" == *"waiting for another installation of the npm packages to end"* ]]
  [ -e "$CHECKOUT/node_modules/.package-lock.json" ]
  grep -q "ops/main.ts up" "$CALLS"
}
