#!/usr/bin/env bats
# Docker's settings on a machine, and the health gate behind them.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root GATE_SECONDS=1
  mkdir -p "$FILES_ROOT"
  JSON=$'{\n  "mtu": 1450\n}\n'
  value DAEMON_JSON "$JSON"
  value MTU 1450
  # SLEEPING: the engine does not answer, until it is restarted.
  export SLEEPING=$BATS_TEST_TMPDIR/sleeping
  RUNNING='[[ $1 != show ]] || printf "UnitFileState=enabled\nActiveState=active\n"'
  stub systemctl "$RUNNING"'
[[ $1 != restart ]] || rm -f "$SLEEPING"'
  stub curl '
[[ ! -e "$SLEEPING" ]] || exit 28
case "${!#}" in */docker_gwbridge) [[ -e "$BRIDGE" ]] ;; esac'
  stub dockerd
  stub hostname 'echo node1'
  # STATE: what the engine says of the swarm; CONTROL: whether it is a manager; NODE: its state as a node.
  export STATE=active CONTROL=true NODE=ready BRIDGE=$BATS_TEST_TMPDIR/bridge
  stub docker '
case "$*" in
  *LocalNodeState*) echo "$STATE" ;;
  *ControlAvailable*) echo "$CONTROL" ;;
  "node inspect self"*) echo "$NODE" ;;
  "network inspect docker_gwbridge") [[ -e "$BRIDGE" ]] ;;
  "network create "*) touch "$BRIDGE" ;;
esac'
}

step() {
  run_step host/scripts/set-docker.sh "$@"
}

@test "writes the settings byte for byte, has them checked before they count, and restarts Docker" {
  stub dockerd '[[ ! -e "$FILES_ROOT/etc/docker/daemon.json" ]] && cmp "$3" <(printf "{\n  \"mtu\": 1450\n}\n")'
  step
  expect_status 0
  [[ "$output" == "changed /etc/docker/daemon.json" ]]
  printf '%s' "$JSON" | cmp - "$FILES_ROOT/etc/docker/daemon.json"
  expect_call "dockerd --validate --config-file $FILES_ROOT/etc/docker/daemon.json.wanted"
  expect_call "systemctl restart docker"
}

@test "makes the bridge to the machine with the network's MTU, once" {
  step
  expect_call "docker network create --opt com.docker.network.bridge.name=docker_gwbridge --opt com.docker.network.bridge.enable_icc=false --opt com.docker.network.bridge.enable_ip_masquerade=true --opt com.docker.network.driver.mtu=1450 docker_gwbridge"
  : >"$CALLS"
  step
  refuse_call 'network create'
}

@test "changes nothing and restarts nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl (start|restart|enable)|^dockerd|create'
}

@test "starts and enables a Docker that somebody stopped, without a restart on top" {
  stub systemctl '[[ $1 != is-active ]]'
  step
  expect_call "systemctl start docker"
  expect_call "systemctl enable --quiet docker"
  refuse_call 'restart'
}

@test "keeps the old settings where dockerd refuses the new ones, and does not restart" {
  step
  value DAEMON_JSON '{"mtu": "many"}'
  stub dockerd 'echo "unable to configure the Docker daemon" >&2; exit 1'
  : >"$CALLS"
  step
  [[ "$status" -ne 0 ]]
  expect_text "unable to configure the Docker daemon"
  printf '%s' "$JSON" | cmp - "$FILES_ROOT/etc/docker/daemon.json"
  refuse_call restart
}

@test "restarts Docker in the next run where the restart failed" {
  stub systemctl "$RUNNING"'
[[ $1 != restart ]]'
  step
  [[ "$status" -ne 0 ]]
  stub systemctl "$RUNNING"
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl restart docker"
}

@test "says so where Docker does not answer" {
  stub curl 'exit 1'
  step
  expect_status 1
  expect_text "node1: an answer of Docker did not come about within 1 s; see: journalctl -u docker -n 50"
}

@test "restarts a Docker that runs but does not answer" {
  step
  : >"$CALLS"
  touch "$SLEEPING"
  step
  expect_status 0
  expect_call "systemctl restart docker"
}

@test "says in a check what it would change, and changes nothing" {
  step
  : >"$CALLS"
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo "{}" >"$FILES_ROOT/etc/docker/daemon.json"
  rm "$BRIDGE"
  step check
  [[ "$output" == $'/etc/docker/daemon.json is not as it should be\nDocker\'s network docker_gwbridge is missing' ]]
  touch "$SLEEPING"
  step check
  [[ "$output" == $'/etc/docker/daemon.json is not as it should be\nDocker runs, but does not answer within 10 s' ]]
  stub systemctl '[[ $1 != is-active ]]'
  step check
  expect_text "docker does not start at boot"
  expect_text "docker does not run"
  refuse_call 'systemctl (restart|start|enable)|network create'
}

@test "says so where the engine does not find its way into the swarm" {
  STATE=pending step
  expect_status 1
  expect_text "node1: an end of Docker's way into the swarm did not come about within 1 s"
}

@test "restarts an engine whose managers do not hear of it; where that does not help, says so, and asks no worker" {
  step
  : >"$CALLS"
  NODE=down step
  expect_status 1
  expect_call "systemctl restart docker"
  expect_text "node1: a node that is ready did not come about within 1 s"
  : >"$CALLS"
  NODE=down CONTROL=false step
  expect_status 0
  refuse_call 'node inspect'
}

@test "names a value that is missing" {
  expect_missing_named host/scripts/set-docker.sh DAEMON_JSON MTU
}
