#!/usr/bin/env bats
# Membership in the swarm, with machines that are folders: each engine's view is WORLD/<name>.state.

# shellcheck disable=SC2016 # a stub's text is for the stub
TOKEN=SWMTKN-1-not-for-the-eyes-of-others

setup() {
  load helper
  make_machines manager:node1 manager:node2 manager:node3 worker:node4
  export TOKEN
  local name
  for name in node1 node2 node3 node4; do
    echo "inactive false  " >"$WORLD/$name.state"
  done
  : >"$WORLD/nodes"
  stub sleep
  stub yes
  # The engines: a line "<id> <host> <status> <manager status>" of WORLD/nodes is a node of the swarm.
  stub docker '
[[ ! -e "$WORLD/$MACHINE.silent" ]] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }
case "$*" in
  *LocalNodeState*) cat "$WORLD/$MACHINE.state" ;;
  *NodeAddr*) echo "address-of-$MACHINE" ;;
  "swarm init"*)
    echo "active true ${4} id$MACHINE" >"$WORLD/$MACHINE.state"
    echo "id$MACHINE $MACHINE Ready Leader" >>"$WORLD/nodes" ;;
  "swarm join-token"*) echo "$TOKEN" ;;
  "node ls" | "node ls --format {{.ID}}"*)
    [[ "$(cat "$WORLD/$MACHINE.state")" == "active true"* && ! -e "$WORLD/$MACHINE.alone" ]] || exit 1
    if [[ "$*" == *Hostname* ]]; then cut -d" " -f1-3 "$WORLD/nodes"; else cut -d" " -f1 "$WORLD/nodes"; fi ;;
  "node ls --filter"*"{{.ID}}"*) cut -d" " -f1-2 "$WORLD/nodes" ;;
  "node ls --filter"*) cut -d" " -f2- "$WORLD/nodes" ;;
  "node rm"*) grep -Ev "(^| )${!#} " "$WORLD/nodes" >"$WORLD/nodes.new" || true; mv "$WORLD/nodes.new" "$WORLD/nodes" ;;
  "node inspect"*Role*) echo manager ;;
  "node inspect"*State*) awk -v id="$3" "\$1 == id { print tolower(\$3) }" "$WORLD/nodes" ;;
  "node inspect"*) grep -q " $3 " "$WORLD/nodes" ;;
  "node ps"*) ;;
  "swarm leave") exit 1 ;;
  "swarm leave --force") echo "inactive false  " >"$WORLD/$MACHINE.state" ;;
esac'
  # The engine that is asked to join: keeps the request, and becomes a member.
  stub curl '
cat >"$WORLD/$MACHINE.request"
[[ ! -e "$WORLD/$MACHINE.refuses" ]] || { cat "$WORLD/$MACHINE.refuses"; exit 22; }
echo "id$MACHINE $MACHINE Ready $(grep -q "^$MACHINE manager" "${WORLD%/world}/ssh/machines" && echo Reachable)" >>"$WORLD/nodes"'
  value NAME node2
  value ADDRESS 10.77.0.12
  value ROLE manager
  value ADDRESS_POOL 10.20.0.0/16
  value SUBNET_BITS 24
  value DATA_PATH_PORT 4789
  value HEARTBEAT_SECONDS 5
  value INGRESS_MTU 1450
}

step() {
  run_visiting_step swarm/scripts/join-swarm.sh "$@"
}

# start_swarm NAME ADDRESS  as if that manager had started the swarm
start_swarm() {
  echo "active true $2 id$1" >"$WORLD/$1.state"
  echo "id$1 $1 Ready Leader" >>"$WORLD/nodes"
}

@test "starts the swarm where every manager answers and is in none, with a mesh of the right MTU" {
  step
  expect_status 0
  [[ "$output" == "node2 started the swarm" ]]
  expect_call "docker swarm init --advertise-addr 10.77.0.12 --data-path-addr 10.77.0.12 --default-addr-pool 10.20.0.0/16 --default-addr-pool-mask-length 24 --data-path-port 4789 --dispatcher-heartbeat 5s"
  expect_call "docker network rm ingress"
  expect_call "docker network create --driver overlay --ingress --opt com.docker.network.driver.mtu=1450 ingress"
}

@test "joins by a live manager, by the engine's API" {
  start_swarm node1 10.77.0.11
  step
  expect_status 0
  [[ "$output" == "node2 joined by node1" ]]
  expect_call "docker swarm join-token --quiet manager"
  expect_call "curl --silent --show-error --fail-with-body --unix-socket /run/docker.sock --json @- http://docker/swarm/join"
  diff "$WORLD/node2.request" - <<TEXT
{"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "10.77.0.12", "DataPathAddr": "10.77.0.12", "RemoteAddrs": ["address-of-node1:2377"], "JoinToken": "$TOKEN"}
TEXT
  refuse_call 'swarm init'
}

@test "shows the token on no command line" {
  start_swarm node1 10.77.0.11
  step
  expect_status 0
  grep -Fq "$TOKEN" "$WORLD/node2.request"
  refuse_call "$TOKEN|not-for-the-eyes"
  [[ "$output" != *"$TOKEN"* ]]
}

@test "joins as a worker with the worker's token" {
  start_swarm node1 10.77.0.11
  value NAME node4
  value ROLE worker
  step
  expect_status 0
  expect_call "docker swarm join-token --quiet worker"
}

@test "leaves a member alone that is well" {
  start_swarm node2 10.77.0.12
  step
  expect_status 0
  [[ "$output" == "" ]]
  start_swarm node1 10.77.0.11
  echo "active false 10.77.0.12 idnode2" >"$WORLD/node2.state"
  value ROLE worker
  step
  expect_status 0
  refuse_call 'swarm (init|join-token|leave)|node (rm|demote)'
}

@test "leaves a member alone while no other manager can be asked" {
  start_swarm node2 10.77.0.12
  touch "$WORLD/node1.dead" "$WORLD/node3.dead"
  step
  expect_status 0
  refuse_call 'swarm (init|join-token|leave)'
}

@test "joins a machine again that the managers do not know any more" {
  start_swarm node1 10.77.0.11
  echo "active false 10.77.0.14 idforgotten" >"$WORLD/node4.state"
  value NAME node4
  value ADDRESS 10.77.0.14
  value ROLE worker
  step
  expect_status 0
  expect_call "docker swarm leave --force"
  [[ "${lines[0]}" == "node4: the managers do not know its node (any more); it leaves, and joins again" ]]
  [[ "${lines[-1]}" == "node4 joined by node1" ]]
}

@test "leaves a member alone where the managers have no list of nodes" {
  start_swarm node1 10.77.0.11
  touch "$WORLD/node1.alone"
  echo "active true 10.77.0.12 idnode2" >"$WORLD/node2.state"
  step
  refuse_call 'swarm leave|restart'
}

@test "joins nobody anew by a manager without a quorum" {
  start_swarm node1 10.77.0.11
  touch "$WORLD/node1.alone"
  echo "pending false  " >"$WORLD/node2.state"
  PENDING_SECONDS=0 step
  expect_status 1
  expect_text "node2: swarm: cannot join anew, since node1 has no quorum; bring the other managers back first"
  refuse_call 'swarm leave'
}

@test "hands no word of a machine's to a manager that is more than an id" {
  start_swarm node1 10.77.0.11
  echo 'active true 10.77.0.12 $(touch /tmp/owned)' >"$WORLD/node2.state"
  step
  expect_status 1
  expect_text "node2: swarm: the id of its node must be letters and digits"
}

@test "does not end a swarm of a machine's own" {
  start_swarm node1 10.77.0.11
  echo "active true 10.77.0.12 idown" >"$WORLD/node2.state"
  step
  expect_status 1
  expect_text "node2: swarm: it is a manager of another swarm than the other machines"
  refuse_call 'swarm (init|join-token|leave)'
}

@test "joins a machine again whose joining has stuck, after it had its time" {
  start_swarm node1 10.77.0.11
  echo "pending false  " >"$WORLD/node2.state"
  PENDING_SECONDS=0 step
  expect_status 0
  expect_call "docker swarm leave --force"
  [[ "${lines[-1]}" == "node2 joined by node1" ]]
}

@test "restarts the engine of a member that the managers do not hear of" {
  start_swarm node1 10.77.0.11
  echo "active true 10.77.0.12 idnode2" >"$WORLD/node2.state"
  echo "idnode2 node2 Down Unreachable" >>"$WORLD/nodes"
  stub systemctl 'sed -i "s/^id$MACHINE .*/id$MACHINE $MACHINE Ready Reachable/" "$WORLD/nodes"'
  PENDING_SECONDS=0 step
  expect_status 0
  expect_call "systemctl restart docker"
  [[ "${lines[-1]}" == "node2: the managers do not hear of it; its Docker is restarted" ]]
  : >"$CALLS"
  step
  refuse_call 'restart'
}

@test "removes the ghost of a member that is well" {
  start_swarm node1 10.77.0.11
  echo "old-id node2 Down Unreachable" >>"$WORLD/nodes"
  echo "active true 10.77.0.12 idnode2" >"$WORLD/node2.state"
  echo "idnode2 node2 Ready Reachable" >>"$WORLD/nodes"
  step
  expect_status 0
  expect_call "docker node rm --force old-id"
  refuse_call 'node (rm|demote).*idnode'
}

@test "starts no second swarm while a manager is unreachable" {
  touch "$WORLD/node3.dead"
  step
  expect_status 1
  expect_text "node2: swarm: cannot tell whether there is one, since node3 did not answer; start them, then run the command again"
  refuse_call 'swarm init'
}

@test "starts no second swarm while a manager's Docker is silent" {
  touch "$WORLD/node1.silent"
  step
  expect_status 1
  expect_text "since node1 did not answer"
  refuse_call 'swarm init'
}

@test "starts no second swarm where a manager is in one without a quorum" {
  echo "pending true 10.77.0.13 idnode3" >"$WORLD/node3.state"
  step
  expect_status 1
  expect_text "node2: swarm: cannot join, since node3 is in a swarm but not part of its quorum (its state: pending true 10.77.0.13 idnode3); bring the other managers back first"
  refuse_call 'swarm init'
}

@test "joins by the manager that lives where another is unreachable" {
  touch "$WORLD/node1.dead"
  start_swarm node3 10.77.0.13
  step
  expect_status 0
  [[ "${lines[-1]}" == "node2 joined by node3" ]]
}

@test "removes the ghost of a machine that was rebuilt, and no other node" {
  start_swarm node1 10.77.0.11
  echo "old-id node2 Down Unreachable" >>"$WORLD/nodes"
  echo "other-id node3 Down Unreachable" >>"$WORLD/nodes"
  step
  expect_status 0
  expect_call "docker node demote old-id"
  expect_call "docker node rm --force old-id"
  refuse_call 'node (rm|demote).*(other-id|idnode1)'
}

@test "removes no node of its own name that is not down" {
  start_swarm node1 10.77.0.11
  echo "same-id node2 Ready Reachable" >>"$WORLD/nodes"
  step
  refuse_call 'node (rm|demote)'
}

@test "says so where the machine itself does not answer" {
  touch "$WORLD/node2.dead"
  step
  expect_status 1
  expect_text "node2: does not answer; start it, then run the command again"
}

@test "names a swarm that is locked, and does nothing" {
  echo "locked false  " >"$WORLD/node2.state"
  step
  expect_status 1
  expect_text "node2: swarm: its state is locked, and no other manager is there to take it in; see: journalctl -u docker -n 50 on it"
  refuse_call 'swarm (init|join-token|leave)'
}

@test "names a member with another role or address, and does nothing" {
  echo "active true 10.99.0.1" >"$WORLD/node2.state"
  step
  expect_status 1
  expect_text "node2: swarm: it is a member already, but not as wanted (role manager, address 10.77.0.12; its state: active true 10.99.0.1)"
  refuse_call 'swarm (init|join-token|leave)'
}

@test "lets no worker start a swarm" {
  value NAME node4
  value ROLE worker
  step
  expect_status 1
  expect_text "node4: swarm: there is none to join; a manager has to start it first"
  refuse_call 'swarm init'
}

@test "prints why the engine refused to join" {
  start_swarm node1 10.77.0.11
  echo '{"message":"remote CA does not match fingerprint"}' >"$WORLD/node2.refuses"
  step
  [[ "$status" -ne 0 ]]
  expect_text "node2: joined, but is not ready after 120 s"
  expect_text "remote CA does not match fingerprint"
}

@test "drains, demotes, leaves and removes its member on delete" {
  start_swarm node1 10.77.0.11
  echo "active true 10.77.0.12" >"$WORLD/node2.state"
  echo "idnode2 node2 Ready Reachable" >>"$WORLD/nodes"
  step delete
  expect_status 0
  grep -E '^docker (node (update|demote|rm)|swarm leave)' "$CALLS" | diff - /dev/fd/3 3<<'TEXT'
docker node update --availability drain node2
docker node demote node2
docker swarm leave
docker swarm leave --force
docker node rm node2
TEXT
  [[ "$(cat "$WORLD/nodes")" == "idnode1 node1 Ready Leader" ]]
}

@test "removes the member of a machine that does not answer on delete" {
  start_swarm node1 10.77.0.11
  echo "idnode2 node2 Down Unreachable" >>"$WORLD/nodes"
  touch "$WORLD/node2.dead"
  step delete
  expect_status 0
  expect_text "node2 does not answer; its member is removed all the same"
  [[ "$(cat "$WORLD/nodes")" == "idnode1 node1 Ready Leader" ]]
}

@test "does nothing on delete where there is no swarm, or no such member" {
  step delete
  expect_status 0
  refuse_call 'leave|node rm'
  start_swarm node1 10.77.0.11
  step delete
  expect_status 0
  refuse_call 'drain|node rm'
}

@test "names a value that is missing" {
  STEP=run_visiting_step expect_missing_named swarm/scripts/join-swarm.sh \
    NAME ADDRESS ROLE ADDRESS_POOL SUBNET_BITS DATA_PATH_PORT HEARTBEAT_SECONDS INGRESS_MTU
}
