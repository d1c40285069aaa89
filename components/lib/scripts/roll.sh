#!/usr/bin/env bash
# A step on one machine that may restart what the machine's containers need. Runs on the operator's computer, behind
# visit.sh.
#
# Reads: NAME       the machine
#        STEP_TEXT  the step as the machine reads it; with `check` it says what it would change
#        SWARMSTEAD_SKIP  by environment: machines that are left out on request, separated by spaces
#
# Where the machine is a member of the swarm and the step would change something, it goes in order: every other node
# must be well, the machine is drained, the step runs, the machine takes tasks again, and as many tasks as before must
# run. A step that has nothing to change drains nothing.
set -euo pipefail

MARK=/var/lib/swarmstead/drained
DRAIN_SECONDS=120
SETTLE_SECONDS=240

# shellcheck disable=SC2153 # NAME is one of the values
fail() {
  echo "$NAME: $1" >&2
  exit 1
}

# Runs the step where the machine serves nobody yet; else prints `member` and what the step would change.
plan() {
  {
    printf 'STEP_TEXT=%q MARK=%q\n' "$STEP_TEXT" "$MARK"
    cat <<'REMOTE'
set -euo pipefail
if [[ "$(timeout 20 docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null)" == active ]]; then
  echo member
  [[ ! -e "$MARK" ]] || echo "the node was drained for this step, and takes no tasks since"
  set -- check
fi
bash -s -- "$@" <<<"$STEP_TEXT"
REMOTE
  } | on_machine "$NAME"
}

# Prints the nodes but this one and those left out: a line `<name> <state> <availability> <manager's state>` each.
list_others() {
  on_manager <<<"docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'" |
    awk -v own="$NAME" -v skip=" ${SWARMSTEAD_SKIP:-} " '$1 != own && !index(skip, " " $1 " ")'
}

check_others() {
  local name state _ manager
  while read -r name state _ manager; do
    [[ -z "$name" ]] || [[ "$state" == Ready && "$manager" != Unreachable ]] ||
      fail "a change that restarts something here waits while $name is not well (${state,,}${manager:+, ${manager,,}}), so that one machine at most is away; bring it back, or leave it out: ./swarmstead up --skip $name"
  done <<<"$1"
}

# Prints `<service> <tasks that run>` of every service.
count_tasks() {
  on_manager <<<"docker service ls --format '{{.Name}} {{.Replicas}}'" | sed 's|/.*||' | sort
}

drain() {
  local availability
  # One that cannot be asked ends the step: silence is no answer.
  availability=$(on_manager <<<"docker node inspect $NAME --format '{{.Spec.Availability}}'")
  [[ "$availability" != drain ]] || return 0
  on_machine "$NAME" <<<"install -d -m 700 ${MARK%/*}; touch $MARK"
  on_manager "$NAME" "$DRAIN_SECONDS" <<'REMOTE'
set -euo pipefail
docker node update --availability drain "$1" >/dev/null
for _ in $(seq "$2"); do
  [ -n "$(docker node ps "$1" --filter desired-state=running --quiet)" ] || exit 0
  sleep 1
done
echo "$1: its tasks have not moved after $2 s; it goes on without them" >&2
REMOTE
}

undrain() {
  local drained
  drained=$(on_machine "$NAME" <<<"[ ! -e $MARK ] || echo yes")
  [[ "$drained" == yes ]] || return 0
  on_manager <<<"docker node update --availability active $NAME >/dev/null"
  on_machine "$NAME" <<<"rm -f $MARK"
}

wait_for_tasks() {
  local before=$1 deadline=$((SECONDS + SETTLE_SECONDS)) lack
  while true; do
    # A service that is gone by now is no lack.
    lack=$(count_tasks | join - <(printf '%s\n' "$before") | awk '$2 < $3 { print $1 }')
    [[ -n "$lack" ]] || return 0
    ((SECONDS < deadline)) ||
      fail "after the change, fewer tasks run than before of: $(tr '\n' ' ' <<<"$lack"); the next machine is left as it is; see: docker service ps --no-trunc ${lack%%$'\n'*}"
    sleep 2
  done
}

roll() {
  local planned others before
  planned=$(plan) || fail "the step failed: $planned"
  [[ "$planned" == member* ]] || {
    printf '%s' "$planned"
    return 0
  }
  planned=${planned#member}
  # That the step is another by now is no reason to drain: it may have nothing to do.
  if [[ -z "$(sed '/^$/d; /^step .* has not run here as it is now$/d' <<<"$planned")" ]]; then
    on_machine "$NAME" <<<"$STEP_TEXT"
    return
  fi
  echo "$NAME:$planned"
  others=$(list_others) || fail "cannot ask the swarm whether the other nodes are well; bring back the managers that do not answer"
  check_others "$others"
  before=$(count_tasks)
  # Where there is nowhere to go, tasks stay and end with the restart.
  if grep -q ' Ready Active ' <<<"$others "; then drain; fi
  on_machine "$NAME" <<<"$STEP_TEXT"
  undrain
  wait_for_tasks "$before"
}

main() {
  : "${NAME:?}" "${STEP_TEXT:?}"
  if [[ "${1:-}" == check ]]; then
    on_machine "$NAME" check <<<"$STEP_TEXT"
  else
    roll
  fi
}

main "$@" </dev/null
