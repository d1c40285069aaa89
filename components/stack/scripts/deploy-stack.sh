#!/usr/bin/env bash
# Deploys a compose file as a stack and waits until every task runs and its healthcheck passes; where one does not,
# prints the task's last words.
#
# Reads: STACK            name of the stack
#        COMPOSE          text of the compose file
#        SERVICES         names of its services, separated by spaces
#        TIMEOUT_SECONDS  how long the services may take
#
# A stack that already runs this text is left alone, so a second run changes nothing.
set -euo pipefail

LABEL=swarmstead.compose-hash
# A service whose tasks ended this many times will not come up by waiting.
TOO_MANY_FAILURES=3

list_services() {
  docker stack services "$STACK" --format '{{.Name}} {{.Replicas}}' 2>/dev/null
}

# The hash that every service of the stack carries, where they agree.
deployed_hash() {
  docker service ls --filter "label=com.docker.stack.namespace=$STACK" --quiet |
    xargs -r docker service inspect --format "{{index .Spec.Labels \"$LABEL\"}}" | sort -u
}

# A second compose file that labels each service, so that a change by hand can be told from the file's own.
render_labels() {
  local service
  echo "services:"
  for service in $SERVICES; do
    printf '  %s:\n    deploy:\n      labels:\n        %s: "%s"\n' "$service" "$LABEL" "$1"
  done
}

deploy() (
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  printf '%s' "$COMPOSE" >"$folder/compose.yaml"
  render_labels "$1" >"$folder/labels.yaml"
  docker stack deploy --prune --detach=true --resolve-image changed --with-registry-auth \
    --compose-file "$folder/compose.yaml" --compose-file "$folder/labels.yaml" "$STACK"
)

# Prints the names of services that are not yet as they should be; all of them where the swarm does not answer.
list_unsettled() {
  local listed service name replicas state
  listed=$(list_services || true)
  for service in $SERVICES; do
    name=${STACK}_$service
    replicas=$(awk -v name="$name" '$1 == name { print $2 }' <<<"$listed")
    state=$(docker service inspect "$name" --format '{{with .UpdateStatus}}{{.State}}{{end}}' 2>/dev/null || echo unknown)
    [[ -n "$replicas" && "${replicas%/*}" == "${replicas#*/}" && ! "$state" =~ ^(updating|rollback_started|unknown)$ ]] ||
      echo "$name"
  done
}

find_failed_update() {
  local name state
  for name in $(list_services | cut -d' ' -f1); do
    state=$(docker service inspect "$name" --format '{{with .UpdateStatus}}{{.State}}{{end}}')
    case $state in
      paused | rollback_paused | rollback_completed)
        echo "$name"
        return
        ;;
    esac
  done
}

count_failures() {
  docker service ps "$1" --no-trunc --filter desired-state=shutdown --format '{{.CurrentState}}' |
    grep -cE '^(Failed|Rejected)' || true
}

print_last_words() {
  local service=$1
  {
    echo "$STACK: service $service: $2"
    echo "its tasks:"
    docker service ps "$service" --no-trunc --format '  {{.Name}} on {{.Node}}: {{.CurrentState}} {{.Error}}' | head -n 8
    echo "their last words:"
    timeout 20 docker service logs --tail 20 "$service" 2>&1 | tail -n 20 | sed 's/^/  /'
  } >&2
}

wait_until_settled() {
  local deadline=$((SECONDS + TIMEOUT_SECONDS)) unsettled failed
  while true; do
    failed=$(find_failed_update)
    if [[ -n "$failed" ]]; then
      print_last_words "$failed" "its update failed ($(docker service inspect "$failed" --format '{{.UpdateStatus.Message}}'))"
      exit 1
    fi
    unsettled=$(list_unsettled)
    [[ -n "$unsettled" ]] || return 0
    for failed in $unsettled; do
      if [[ "$(count_failures "$failed")" -ge "$TOO_MANY_FAILURES" ]]; then
        print_last_words "$failed" "its tasks end again and again"
        exit 1
      fi
    done
    if ((SECONDS >= deadline)); then
      print_last_words "${unsettled%%$'\n'*}" "does not run after $TIMEOUT_SECONDS s"
      exit 1
    fi
    sleep 1
  done
}

main() {
  : "${STACK:?}" "${COMPOSE:?}" "${SERVICES:?}" "${TIMEOUT_SECONDS:?}"
  local hash
  hash=$(printf '%s' "$COMPOSE" | sha256sum | cut -c1-16)
  if [[ "$(deployed_hash)" != "$hash" ]]; then
    deploy "$hash"
  fi
  wait_until_settled
  echo "$STACK runs"
}

main "$@" </dev/null
