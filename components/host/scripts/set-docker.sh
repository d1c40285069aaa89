#!/usr/bin/env bash
# Docker's settings on one machine, and a health gate after a restart.
#
# Reads: DAEMON_JSON  text of /etc/docker/daemon.json
#        MTU          bytes of a whole packet on the machines' network
#
# Restarts Docker only where its settings changed, so a second run changes nothing.
# FILES_ROOT moves every file elsewhere for tests; GATE_SECONDS shortens the gate.
set -euo pipefail

ROOT=${FILES_ROOT:-}
GATE_SECONDS=${GATE_SECONDS:-180}

# Left by a run that was cut off between the new settings and Docker's restart; ends with a boot.
MARK=$ROOT/run/swarmstead/changed.daemon.json

write_settings() {
  local file=$ROOT/etc/docker/daemon.json
  if printf '%s' "$DAEMON_JSON" | cmp -s - "$file"; then
    return 0
  fi
  install -d "$(dirname "$file")" "$(dirname "$MARK")"
  printf '%s' "$DAEMON_JSON" >"$file.new"
  dockerd --validate --config-file "$file.new"
  touch "$MARK"
  mv "$file.new" "$file"
  echo "changed /etc/docker/daemon.json"
}

wait_for() {
  local what=$1 deadline=$((SECONDS + GATE_SECONDS))
  shift
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then
      echo "$(hostname): $what did not come about within $GATE_SECONDS s; see: journalctl -u docker -n 50" >&2
      exit 1
    fi
    sleep 1
  done
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
  docker network inspect docker_gwbridge >/dev/null 2>&1 ||
    docker network create \
      --opt com.docker.network.bridge.name=docker_gwbridge \
      --opt com.docker.network.bridge.enable_icc=false \
      --opt com.docker.network.bridge.enable_ip_masquerade=true \
      --opt "com.docker.network.driver.mtu=$MTU" \
      docker_gwbridge >/dev/null
}

main() {
  : "${DAEMON_JSON:?}" "${MTU:?}"
  write_settings
  systemctl is-enabled --quiet docker || systemctl enable --quiet docker
  if ! systemctl is-active --quiet docker; then
    systemctl start docker
  elif [[ -e "$MARK" ]]; then
    systemctl restart docker
  fi
  rm -f "$MARK"
  wait_for "an answer of Docker" docker info
  wait_for "an end of Docker's way into the swarm" swarm_settled
  make_gwbridge
  wait_for "a node that is ready" node_ready
}

main "$@" </dev/null
