#!/usr/bin/env bash
# Settings of the swarm as a whole that may change after its start.
#
# Reads: HEARTBEAT_SECONDS  the dispatcher's heartbeat
#        INGRESS_MTU        MTU that the routing mesh must have
#
# Compares before it changes, so a second run changes nothing. Follows step.sh.
set -euo pipefail

set_heartbeat() {
  local wanted=$((HEARTBEAT_SECONDS * 1000000000))
  [[ "$(docker info --format '{{printf "%d" .Swarm.Cluster.Spec.Dispatcher.HeartbeatPeriod}}')" == "$wanted" ]] ||
    ! to_mend "the swarm's dispatcher heartbeat is not ${HEARTBEAT_SECONDS} s" ||
    docker swarm update --dispatcher-heartbeat "${HEARTBEAT_SECONDS}s" >/dev/null
}

check_ingress() {
  local mtu
  mtu=$(docker network inspect ingress --format '{{index .Options "com.docker.network.driver.mtu"}}')
  [[ "$mtu" == "$INGRESS_MTU" ]] || {
    echo "network.mtu: the routing mesh must have $INGRESS_MTU, has ${mtu:-1500}; it can only be changed while no service publishes a port" >&2
    exit 1
  }
}

main() {
  : "${HEARTBEAT_SECONDS:?}" "${INGRESS_MTU:?}"
  set_heartbeat
  check_ingress
}

main "$@" </dev/null
