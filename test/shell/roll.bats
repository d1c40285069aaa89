#!/usr/bin/env bats
# A step that may restart something, on machines that are folders: WORLD/nodes is the swarm as its managers see it.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  make_machines manager:node1 manager:node2 manager:node3
  # The mark of a drained node, and the step's own work, are files of the machine's folder.
  local name
  for name in node1 node2 node3; do
    echo "$name Ready Active Reachable" >>"$WORLD/nodes"
  done
  echo "web 2/2" >"$WORLD/services"
  stub sleep
  stub timeout 'shift; exec "$@"'
  stub install
  stub docker '
case "$*" in
  *LocalNodeState*) cat "$WORLD/$MACHINE.state" 2>/dev/null || echo active ;;
  "node ls"*) cat "$WORLD/nodes" ;;
  "node inspect"*Availability*) awk -v name="$3" "\$1 == name { print tolower(\$3) }" "$WORLD/nodes" ;;
  "node update --availability drain"*) sed -i "s/^$5 Ready Active/$5 Ready Drain/" "$WORLD/nodes" ;;
  "node update --availability active"*) sed -i "s/^$5 Ready Drain/$5 Ready Active/" "$WORLD/nodes" ;;
  "node ps"*) ;;
  "service ls"*) cat "$WORLD/services" ;;
esac'
  value NAME node2
  # The step wants the file; its restart is a line in the list of calls.
  value STEP_TEXT 'set -eu
[ ! -e "$WORLD/settings" ] || exit 0
[ "${1:-}" != check ] || { echo "the settings differ"; exit 0; }
touch "$WORLD/settings"
echo "restart on $MACHINE" >>"$CALLS"
[ ! -e "$WORLD/breaks" ] || echo "web 1/2" >"$WORLD/services"'
  # The mark's path is one of the machine's own; here it is a file of the world.
  sed "s|^MARK=.*|MARK=$WORLD/drained|; s/^SETTLE_SECONDS=.*/SETTLE_SECONDS=0/" "$ROOT/components/lib/scripts/roll.sh" >"$BATS_TEST_TMPDIR/roll.sh"
}

step() {
  run bash -s -- "$@" < <(
    printf 'SSH_FOLDER=%q\nMANAGER_ALIAS=swarmstead-test\n' "$BATS_TEST_TMPDIR/ssh"
    cat "$ROOT/components/lib/scripts/visit.sh" "$VALUES" "$BATS_TEST_TMPDIR/roll.sh"
  )
}

@test "drains, changes, gives back, in this order" {
  step
  expect_status 0
  grep -E '^restart|node update' "$CALLS" | diff - /dev/fd/3 3<<'TEXT'
docker node update --availability drain node2
restart on node2
docker node update --availability active node2
TEXT
  [[ ! -e "$WORLD/drained" && "$output" == *"the settings differ"* ]]
}

@test "drains nothing where there is nothing to change" {
  touch "$WORLD/settings"
  step
  expect_status 0
  refuse_call 'node update|restart'
}

@test "drains nothing for a step that is another by now, and has nothing to do" {
  value STEP_TEXT '[ "${1:-}" != check ] || { echo "step node2-docker has not run here as it is now"; exit 0; }
echo "ran on $MACHINE" >>"$CALLS"'
  step
  expect_status 0
  expect_call "ran on node2"
  refuse_call 'node (ls|update)'
}

@test "goes straight on a machine that is no member yet" {
  echo inactive >"$WORLD/node2.state"
  step
  expect_status 0
  expect_call "restart on node2"
  refuse_call 'node (ls|update)'
}

@test "waits for no machine that is not well, and names it" {
  sed -i 's/^node3 .*/node3 Down Active Unreachable/' "$WORLD/nodes"
  step
  expect_status 1
  expect_text "node2: a change that restarts something here waits while node3 is not well (down, unreachable), so that one machine at most is away; bring it back, or leave it out: ./swarmstead up --skip node3"
  refuse_call 'restart|node update'
}

@test "leaves out a machine that is down on request" {
  sed -i 's/^node3 .*/node3 Down Active Unreachable/' "$WORLD/nodes"
  SWARMSTEAD_SKIP="node9 node3" step
  expect_status 0
  expect_call "restart on node2"
}

@test "leaves a node drained that somebody else has drained" {
  sed -i 's/^node2 Ready Active/node2 Ready Drain/' "$WORLD/nodes"
  step
  expect_status 0
  expect_call "restart on node2"
  grep -q "^node2 Ready Drain" "$WORLD/nodes"
}

@test "gives a node back that an interrupted run has drained" {
  sed -i 's/^node2 Ready Active/node2 Ready Drain/' "$WORLD/nodes"
  touch "$WORLD/settings" "$WORLD/drained"
  step
  expect_status 0
  grep -q "^node2 Ready Active" "$WORLD/nodes"
  [[ ! -e "$WORLD/drained" ]]
}

@test "does not drain the only node there is" {
  sed -i '/node[13]/d' "$WORLD/nodes"
  step
  expect_status 0
  expect_call "restart on node2"
  refuse_call 'node update'
}

@test "stops where fewer tasks run than before" {
  touch "$WORLD/breaks"
  step
  expect_status 1
  expect_text "node2: after the change, fewer tasks run than before of: web"
}

@test "asks the machine alone in a check, and changes nothing" {
  step check
  [[ "$status" -eq 0 && "$output" == "the settings differ" ]]
  refuse_call '^restart|^docker'
}

@test "names a value that is missing" {
  STEP=step expect_missing_named - NAME STEP_TEXT
}
