#!/usr/bin/env bats
# The wait for the entry's address.

# shellcheck disable=SC2016 # a stub's text is for the stub

setup() {
  load helper
  export WORLD=$BATS_TEST_TMPDIR/world
  mkdir -p "$WORLD"
  stub sleep 'echo x >>"$WORLD/waited"; [[ $(wc -l <"$WORLD/waited") -lt 3 ]] || touch "$WORLD/held"'
  stub curl '[[ -e "$WORLD/held" ]]'
  value ADDRESS 10.77.0.10
  value TIMEOUT_SECONDS 30
}

step() {
  run_step vip/scripts/await-address.sh "$@"
}

@test "waits until the address answers, whatever it says" {
  step
  [[ "$status" -eq 0 && "$output" == "10.77.0.10 answers" ]]
  expect_call "curl --silent --output /dev/null --max-time 5 http://10.77.0.10/"
  [[ "$(wc -l <"$WORLD/waited")" == 3 ]]
}

@test "gives up after its time, and says where to look" {
  value TIMEOUT_SECONDS 0
  step
  expect_status 1
  expect_text "entry: 10.77.0.10 does not answer on port 80 after 0 s; ./swarmstead status says who may not hold it, and why"
}

@test "asks nobody in a check" {
  step check
  [[ "$status" -eq 0 && "$output" == "" && ! -s "$CALLS" ]]
}

@test "names a value that is missing" {
  expect_missing_named vip/scripts/await-address.sh ADDRESS TIMEOUT_SECONDS
}
