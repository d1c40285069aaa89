#!/usr/bin/env bats
# What Traefik takes over while it runs, on a manager.

CONF=/etc/swarmstead/entry/traefik.d/swarmstead.yaml

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  value CONF "$CONF"
  value DYNAMIC_CONF $'tls:\n  options: {}\n'
}

step() {
  run_step traefik/scripts/set-traefik.sh "$@"
}

@test "writes the text for everybody to read, and nothing else into the folder that Traefik watches" {
  step
  expect_status 0
  diff "$FILES_ROOT$CONF" - <<<$'tls:\n  options: {}'
  [[ "$(stat -c %a "$FILES_ROOT$CONF")" == 644 && "$(ls -A "$FILES_ROOT${CONF%/*}")" == swarmstead.yaml ]]
}

@test "changes nothing in a second run, and leaves other files of the folder alone" {
  step
  echo other >"$FILES_ROOT${CONF%/*}/routes.yaml"
  before=$(snapshot "$FILES_ROOT")
  step
  [[ "$status" -eq 0 && "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
}

@test "says in a check what it would change, and changes nothing" {
  mkdir "$FILES_ROOT"
  step check
  [[ "$status" -eq 0 && "$output" == "$CONF is not as it should be" ]]
  [[ -z "$(ls -A "$FILES_ROOT")" ]]
}

@test "takes its own text away with delete" {
  step
  echo other >"$FILES_ROOT${CONF%/*}/routes.yaml"
  step delete
  expect_status 0
  [[ "$(ls -A "$FILES_ROOT${CONF%/*}")" == routes.yaml ]]
}

@test "names a value that is missing" {
  expect_missing_named traefik/scripts/set-traefik.sh CONF DYNAMIC_CONF
}
