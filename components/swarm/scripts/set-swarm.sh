#!/usr/bin/env bash
# Settings of the swarm as a whole that may change after its start.
#
# Reads: HEARTBEAT_SECONDS  the dispatcher's heartbeat
#        INGRESS_MTU        MTU that the routing mesh must have
#
# Compares before it changes, so a second run changes nothing. Follows step.sh.
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 1
}

set_heartbeat() {
  local wanted=$((HEARTBEAT_SECONDS * 1000000000)) present
  present=$(ask_docker swarm | jq .Spec.Dispatcher.HeartbeatPeriod) || fail "swarm: it does not answer"
  [[ "$present" == "$wanted" ]] ||
    ! to_mend "the swarm's dispatcher heartbeat is not ${HEARTBEAT_SECONDS} s" ||
    docker swarm update --dispatcher-heartbeat "${HEARTBEAT_SECONDS}s" >/dev/null
}

check_ingress() {
  local mtu
  mtu=$(ask_docker networks/ingress | jq --raw-output '.Options["com.docker.network.driver.mtu"] // 1500') ||
    fail "swarm: its routing mesh, the network ingress, cannot be asked for"
  [[ "$mtu" == "$INGRESS_MTU" ]] ||
    fail "network.mtu: the routing mesh must have $INGRESS_MTU, has $mtu; it can only be changed while no service publishes a port"
}

main() {
  : "${HEARTBEAT_SECONDS:?}" "${INGRESS_MTU:?}"
  set_heartbeat
  check_ingress
}

main "$@" </dev/null
