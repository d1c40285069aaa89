#!/usr/bin/env bash
# Makes one machine a member of the swarm. Runs on the operator's computer: it takes the join token from any live
# manager at that moment and hands it to the machine by SSH, so the token is in no state and on no command line here.
#
# Reads: NAME               the machine
#        ADDRESS            its private IPv4 address, to advertise and to carry the overlays
#        ROLE               manager or worker
#        ADDRESS_POOL       pool of the overlay networks, CIDR notation
#        SUBNET_BITS        prefix length of each overlay
#        DATA_PATH_PORT     UDP port of the VXLAN
#        HEARTBEAT_SECONDS  the dispatcher's heartbeat
#        INGRESS_MTU        MTU of the routing mesh
#
# A member that is well is left alone, so a second run changes nothing. One that its managers do not know any more, or
# whose joining has stuck, leaves and joins again, which loses nothing: all that it knew, the managers have. A new swarm is
# made only where every manager answers and says that it is in none. With `delete`: drain, leave, and no ghost in
# `docker node ls`.
set -euo pipefail

fail() {
  echo "$NAME: $1" >&2
  exit 1
}

# How long a machine that is on its way into the swarm, by its own word, may take.
PENDING_SECONDS=${PENDING_SECONDS:-60}

# Prints `<state> <control> <address> <node id>` of a machine's own view, or fails where it does not answer.
swarm_state() {
  on_machine "$1" <<<"docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.NodeAddr}} {{.Swarm.NodeID}}'"
}

find_live_manager() {
  local manager state unreachable=()
  for manager in $(list_machines manager); do
    [[ "$manager" != "$NAME" ]] || continue
    if ! state=$(swarm_state "$manager"); then
      unreachable+=("$manager")
    elif [[ "$state" == "active true "* ]]; then
      echo "$manager"
      return
    elif [[ "$state" != inactive* ]]; then
      fail "swarm: cannot join, since $manager is in a swarm but not part of its quorum (its state: $state); bring the other managers back first"
    fi
  done
  [[ ${#unreachable[@]} -eq 0 ]] ||
    fail "swarm: cannot tell whether there is one, since ${unreachable[*]} did not answer; start them, then run the command again"
}

# shellcheck disable=SC2153 # ADDRESS is one of the values
init_swarm() {
  on_machine "$NAME" "$ADDRESS" "$ADDRESS_POOL" "$SUBNET_BITS" "$DATA_PATH_PORT" "$HEARTBEAT_SECONDS" "$INGRESS_MTU" <<'REMOTE'
set -euo pipefail
docker swarm init --advertise-addr "$1" --data-path-addr "$1" --default-addr-pool "$2" \
  --default-addr-pool-mask-length "$3" --data-path-port "$4" --dispatcher-heartbeat "$5s" >/dev/null
# Swarm makes the mesh with an MTU of 1500 whatever the network's is, and it can be made anew only while nothing uses it.
until docker network inspect ingress >/dev/null 2>&1; do sleep 0.2; done
yes | docker network rm ingress >/dev/null || true
until docker network create --driver overlay --ingress --opt "com.docker.network.driver.mtu=$6" ingress >/dev/null; do
  sleep 0.5
done
REMOTE
}

# A machine that was rebuilt under its name, or that left without a word, has a node in the swarm that never comes back.
# Arguments: a manager, and the id of the node that stands behind the machine, where there is one.
remove_ghosts() {
  on_machine "$1" "$NAME" "${2:-none}" <<'REMOTE'
set -euo pipefail
docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' | while read -r id host state; do
  [ "$host" = "$1" ] && [ "$id" != "$2" ] && [ "$state" = Down ] || continue
  docker node demote "$id" >/dev/null 2>&1 || true
  docker node rm --force "$id" >/dev/null
done
REMOTE
}

join_swarm() {
  local manager=$1 answer token remote
  remove_ghosts "$manager"
  answer=$(on_machine "$manager" <<<"docker swarm join-token --quiet $ROLE; docker info --format '{{.Swarm.NodeAddr}}'")
  { read -r token && read -r remote; } <<<"$answer"
  # The engine's API and not its CLI, which takes the token on its command line alone, where everybody can read it.
  on_machine "$NAME" <<REMOTE >&2
set -euo pipefail
curl --silent --show-error --fail-with-body --unix-socket /run/docker.sock --json @- http://docker/swarm/join <<'JSON' || [ "\$?" -eq 22 ]
{"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "$ADDRESS", "DataPathAddr": "$ADDRESS", "RemoteAddrs": ["$remote:2377"], "JoinToken": "$token"}
JSON
REMOTE
}

wait_until_ready() {
  local manager=$1
  on_machine "$manager" "$NAME" "$ROLE" <<'REMOTE'
set -euo pipefail
for _ in $(seq 120); do
  state=$(docker node ls --filter "name=$1" --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}' | grep "^$1 " || true)
  case "$2 $state" in
    "manager $1 Ready Leader" | "manager $1 Ready Reachable" | "worker $1 Ready "*) exit 0 ;;
  esac
  sleep 1
done
echo "$1: joined, but is not ready after 120 s: $state; see: journalctl -u docker -n 50 on it" >&2
exit 1
REMOTE
}

# True where a manager has the machine's own node among its nodes.
is_known() {
  local ids
  # Without a list there is no word on the matter, and a member that may be well is left alone.
  ids=$(on_machine "$1" <<<"docker node ls --format '{{.ID}}'") || return 0
  grep -qx "$2" <<<"$ids"
}

# Seen after a power cut under load: the engine takes itself for a member, and the managers never hear of it again. Its
# tasks run elsewhere by then.
revive() {
  local state deadline=$((SECONDS + PENDING_SECONDS))
  while true; do
    # shellcheck disable=SC2016 # expanded on the machine
    state=$(on_machine "$1" "$2" <<<'docker node inspect "$1" --format "{{.Status.State}}"')
    [[ "$state" == down ]] || return 0
    ((SECONDS < deadline)) || break
    sleep 2
  done
  echo "$NAME: the managers do not hear of it; its Docker is restarted"
  on_machine "$NAME" <<<"systemctl restart docker"
  wait_until_ready "$1"
}

# forget_swarm WHY MANAGER  a node that belongs to no swarm of its own gives up what is left of its membership.
forget_swarm() {
  # Its peers may need it for their quorum, and take nobody in without one.
  on_machine "$2" <<<"docker node ls" >/dev/null ||
    fail "swarm: cannot join anew, since $2 has no quorum; bring the other managers back first"
  ! on_machine "$NAME" <<<"docker node ls" >/dev/null 2>&1 ||
    fail "swarm: it is a manager of another swarm than the other machines; where nothing in that is needed, run 'docker swarm leave --force' on it, then the command again"
  echo "$NAME: $1; it leaves, and joins again"
  on_machine "$NAME" <<<"docker swarm leave --force >/dev/null"
}

# Prints the machine's state once it is not on its way any more, or has been for too long.
await_state() {
  local state deadline=$((SECONDS + PENDING_SECONDS))
  while true; do
    state=$(swarm_state "$NAME") || fail "does not answer; start it, then run the command again"
    if [[ "$state" != pending* ]] || ((SECONDS >= deadline)); then break; fi
    sleep 2
  done
  echo "$state"
}

join() {
  local state control address id manager
  read -r state control address id <<<"$(await_state)"
  [[ -n "$state" ]] || exit 1
  # It is the machine's own word, and goes to a manager.
  [[ "$id" =~ ^[a-z0-9]*$ ]] || fail "swarm: the id of its node must be letters and digits, got $id"
  case "$ROLE $state $control $address" in
    "manager active true $ADDRESS" | "worker active false $ADDRESS")
      manager=$(find_live_manager 2>/dev/null) || return 0
      if [[ -z "$manager" ]] || is_known "$manager" "$id"; then
        remove_ghosts "${manager:-$NAME}" "$id"
        [[ -z "$manager" ]] || revive "$manager" "$id"
        return
      fi
      forget_swarm "the managers do not know its node (any more)" "$manager"
      ;;
    *" active "*) fail "swarm: it is a member already, but not as wanted (role $ROLE, address $ADDRESS; its state: $state $control $address); remove it with 'docker swarm leave' on it, then run the command again" ;;
    *" inactive "*) manager=$(find_live_manager) ;;
    *)
      manager=$(find_live_manager)
      [[ -n "$manager" ]] || fail "swarm: its state is $state, and no other manager is there to take it in; see: journalctl -u docker -n 50 on it"
      forget_swarm "its state is $state" "$manager"
      ;;
  esac
  if [[ -n "$manager" ]]; then
    join_swarm "$manager"
    wait_until_ready "$manager"
    echo "$NAME joined by $manager"
  elif [[ "$ROLE" == manager ]]; then
    init_swarm
    wait_until_ready "$NAME"
    echo "$NAME started the swarm"
  else
    fail "swarm: there is none to join; a manager has to start it first"
  fi
}

leave() {
  local manager
  manager=$(find_live_manager)
  [[ -n "$manager" ]] || return 0
  on_machine "$manager" "$NAME" <<'REMOTE'
set -euo pipefail
id=$(docker node ls --filter "name=$1" --format '{{.ID}} {{.Hostname}}' | awk -v name="$1" '$2 == name { print $1 }')
[ -n "$id" ] || exit 0
docker node update --availability drain "$1" >/dev/null
for _ in $(seq 90); do
  [ -n "$(docker node ps "$1" --filter desired-state=running --format '{{.ID}}')" ] || break
  sleep 1
done
if [ "$(docker node inspect "$1" --format '{{.Spec.Role}}')" = manager ]; then docker node demote "$1" >/dev/null; fi
REMOTE
  on_machine "$NAME" <<<"docker swarm leave >/dev/null 2>&1 || docker swarm leave --force >/dev/null 2>&1 || true" ||
    echo "$NAME does not answer; its member is removed all the same" >&2
  on_machine "$manager" "$NAME" <<'REMOTE'
set -euo pipefail
for _ in $(seq 30); do
  docker node inspect "$1" >/dev/null 2>&1 || exit 0
  docker node rm "$1" >/dev/null 2>&1 && exit 0
  sleep 1
done
docker node rm --force "$1" >/dev/null
REMOTE
}

main() {
  : "${NAME:?}" "${ADDRESS:?}" "${ROLE:?}" "${ADDRESS_POOL:?}" "${SUBNET_BITS:?}" "${DATA_PATH_PORT:?}"
  : "${HEARTBEAT_SECONDS:?}" "${INGRESS_MTU:?}"
  if [[ "${1:-}" == delete ]]; then
    leave
  else
    join
  fi
}

main "$@" </dev/null
