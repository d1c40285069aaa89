#!/usr/bin/env bash
# Docker's settings on one machine, and a health gate after a restart.
#
# Reads: DAEMON_JSON  text of /etc/docker/daemon.json
#        MTU          bytes of a whole packet on the machines' network
#
# Restarts Docker only where its settings changed or it does not answer, so a second run changes nothing. Follows step.sh.
# GATE_SECONDS shortens the gate for tests.
set -euo pipefail

GATE_SECONDS=${GATE_SECONDS:-180}
READY_SECONDS=$((GATE_SECONDS / 3))

SETTINGS=/etc/docker/daemon.json
ANSWER_SECONDS=10

write_settings() {
  local file=$ROOT$SETTINGS
  if [[ "$STEP_VERB" != check ]] && ! holds "$file" "$DAEMON_JSON"; then
    install -d "$(dirname "$file")"
    printf '%s' "$DAEMON_JSON" >"$file.wanted"
    dockerd --validate --config-file "$file.wanted"
    rm "$file.wanted"
  fi
  install_text "$SETTINGS" 644 "$DAEMON_JSON"
}

# The engine's API, as its CLI takes seconds to start where a processor is emulated.
ask() {
  curl --silent --fail --output /dev/null --max-time "$ANSWER_SECONDS" --unix-socket /run/docker.sock "http://docker/$1"
}

answers() {
  ask _ping
}

# comes_about SECONDS FACT…  false where it has not within the time
comes_about() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
}

wait_for() {
  local what=$1
  shift
  comes_about "$GATE_SECONDS" "$@" || {
    echo "$(hostname): $what did not come about within $GATE_SECONDS s; see: journalctl -u docker -n 50" >&2
    exit 1
  }
}

swarm_settled() {
  local state
  state=$(docker info --format '{{.Swarm.LocalNodeState}}')
  [[ "$state" == inactive || "$state" == active ]]
}

node_ready() {
  # A worker cannot ask for the list of nodes; that it is active has to do.
  [[ "$(docker info --format '{{.Swarm.ControlAvailable}}')" != true ]] ||
    [[ "$(docker node inspect self --format '{{.Status.State}}')" == ready ]]
}

make_gwbridge() {
  # Swarm makes this bridge by itself, with an MTU of 1500 whatever the network's is (moby#41775).
  ask networks/docker_gwbridge ||
    ! to_mend "Docker's network docker_gwbridge is missing" ||
    docker network create \
      --opt com.docker.network.bridge.name=docker_gwbridge \
      --opt com.docker.network.bridge.enable_icc=false \
      --opt com.docker.network.bridge.enable_ip_masquerade=true \
      --opt "com.docker.network.driver.mtu=$MTU" \
      docker_gwbridge >/dev/null
}

main() {
  : "${DAEMON_JSON:?}" "${MTU:?}"
  local silent=no
  write_settings
  if [[ "$CHANGED" == yes ]] && systemctl is-active --quiet docker; then
    systemctl restart docker
  fi
  ensure_unit docker
  settle "$SETTINGS"
  answers || silent=yes
  if [[ "$silent" == yes ]] && to_mend "Docker runs, but does not answer within $ANSWER_SECONDS s" && ! answers; then
    # systemd takes it for started once it answers, so it is not on its way up: it hangs.
    systemctl restart docker
  fi
  if [[ "$STEP_VERB" == check ]]; then
    # One that hangs has been waited for already.
    [[ "$silent" == yes ]] || make_gwbridge
    return
  fi
  wait_for "an answer of Docker" answers
  wait_for "an end of Docker's way into the swarm" swarm_settled
  make_gwbridge
  # Seen after a power cut under load: the engine takes itself for a member, and the managers never hear of it again.
  comes_about "$READY_SECONDS" node_ready || systemctl restart docker
  wait_for "a node that is ready" node_ready
}

main "$@" </dev/null
