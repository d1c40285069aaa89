#!/usr/bin/env bats
# Settings of the swarm as a whole.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  value HEARTBEAT_SECONDS 5
  value INGRESS_MTU 1450
  export PERIOD=5000000000 MTU=1450
  stub docker
  stub curl '
case "${!#}" in
  */swarm) [[ -z "${SILENT:-}" ]] || exit 22; echo "{\"Spec\": {\"Dispatcher\": {\"HeartbeatPeriod\": $PERIOD}}}" ;;
  */networks/ingress) jq --null-input "{Options: (env.MTU | if . == \"\" then null else {\"com.docker.network.driver.mtu\": .} end)}" ;;
esac'
}

step() {
  run_step swarm/scripts/set-swarm.sh "$@"
}

@test "changes nothing where all is as wanted" {
  step
  expect_status 0
  refuse_call update
}

@test "sets the heartbeat where it differs" {
  PERIOD=7000000000 step
  expect_status 0
  expect_call "docker swarm update --dispatcher-heartbeat 5s"
}

@test "says in a check that the heartbeat differs, and leaves it" {
  PERIOD=7000000000 step check
  expect_status 0
  [[ "$output" == "the swarm's dispatcher heartbeat is not 5 s" ]]
  refuse_call update
}

@test "names the MTU of a routing mesh that was made otherwise" {
  MTU="" step
  expect_status 1
  [[ "$output" == "network.mtu: the routing mesh must have 1450, has 1500; it can only be changed while no service publishes a port" ]]
}

@test "does not take a swarm that does not answer for one with another heartbeat" {
  SILENT=yes step
  expect_status 1
  [[ "$output" == "swarm: it does not answer" ]]
  refuse_call update
}

@test "names a value that is missing" {
  expect_missing_named swarm/scripts/set-swarm.sh HEARTBEAT_SECONDS INGRESS_MTU
}
