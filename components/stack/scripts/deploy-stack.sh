#!/usr/bin/env bash
# Deploys a compose file as a stack and waits until every task runs and its healthcheck passes; where one does not,
# prints the task's last words.
#
# Reads: STACK            name of the stack
#        COMPOSE          text of the compose file
#        SOURCE           where that text is corrected: a path in the project
#        SERVICES         names of its services, separated by spaces
#        TIMEOUT_SECONDS  how long the services may take
#
# A stack that already runs this text is left alone, so a second run changes nothing. Every service remembers its own
# specification by a hash, so that a change by hand is seen and taken back. Follows step.sh.
set -euo pipefail

LABEL=swarmstead.compose-hash
SPEC_LABEL=swarmstead.spec-hash
# A service whose tasks ended this many times will not come up by waiting.
TOO_MANY_FAILURES=3

list_services() {
  docker stack services "$STACK" --format '{{.Name}} {{.Replicas}}' 2>/dev/null
}

# Prints `<service> <compose hash> <hash of the specification> <the same when it was deployed>` of each service. A forced
# update changes nothing but a counter.
list_hashes() {
  local answer name text own spec hash
  answer=$(ask_docker "services?filters=%7B%22label%22:%5B%22com.docker.stack.namespace=$STACK%22%5D%7D") || {
    echo "$STACK: the swarm does not answer" >&2
    return 1
  }
  while IFS=$'\t' read -r name text own spec; do
    hash=$(sha256sum <<<"$spec")
    echo "$name $text ${hash:0:16} $own"
  done < <(
    jq --raw-output --arg compose "$LABEL" --arg own "$SPEC_LABEL" '
      def word: if . == null or . == "" then "none" else . end;
      .[].Spec | [.Name, (.Labels[$compose] | word), (.Labels[$own] | word),
        (del(.Labels[$own, $compose], .TaskTemplate.ForceUpdate) | tojson)] | @tsv' <<<"$answer"
  )
}

# Prints what of the stack is not as it was deployed from this text.
list_differences() {
  local hash=$1 hashes service
  hashes=$(list_hashes) || return
  for service in $SERVICES; do
    grep -q "^${STACK}_$service " <<<"$hashes" || echo "service ${STACK}_$service is missing"
  done
  awk -v hash="$hash" '
    NF == 0 { next }
    $2 != hash && $2 != "none" { print "service " $1 " runs another compose file than this one"; next }
    $2 == "none" || $3 != $4 { print "service " $1 " was changed by hand, or its deployment did not come to its end" }' <<<"$hashes"
}

# set_labels SERVICE COMPOSE_HASH SPEC_HASH  by the API, with the very specification that it tells: the CLI would bring mounts
# into another order, for which the swarm starts every task anew.
set_labels() {
  local service version
  service=$(ask_docker "services/$1")
  version=$(jq .Version.Index <<<"$service")
  jq --arg compose "$LABEL" --arg hash "$2" --arg own "$SPEC_LABEL" --arg spec "$3" \
    '.Spec | .Labels[$compose] = $hash | .Labels[$own] = $spec' <<<"$service" |
    curl --silent --show-error --fail --max-time 60 --unix-socket /run/docker.sock --output /dev/null \
      --header 'Content-Type: application/json' --data @- "http://docker/services/$1/update?version=$version"
}

# Once all is settled, as each update of a service is what its next roll-back would go back to. Not by a second compose file:
# Docker would merge the two, and of ports with one target, such as 443/tcp and 443/udp, keep one.
remember() {
  local hashes name text spec own
  hashes=$(list_hashes)
  while read -r name text spec own; do
    [[ "$text" == "$1" && "$spec" == "$own" ]] || set_labels "$name" "$1" "$spec"
  done <<<"$hashes"
}

deploy() (
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  printf '%s' "$COMPOSE" >"$folder/compose.yaml"
  docker stack deploy --prune --detach=true --resolve-image changed --with-registry-auth \
    --compose-file "$folder/compose.yaml" "$STACK"
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

# Prints the image that the last task which ended could not have; nothing where it ended of something else.
find_missing_image() {
  local ended
  ended=$(docker service ps "$1" --no-trunc --filter desired-state=shutdown --format '{{.Image}} {{.Error}}')
  awk 'NF > 1 { if (tolower($0) ~ /no such image|pull access denied|manifest unknown|manifest for .* not found|repository does not exist|invalid reference format/) print $1; exit }' <<<"$ended"
}

# What is the matter with a service, in one line: the image where that is it, else what was seen of it.
explain() {
  local service=$1 image
  image=$(find_missing_image "$service" 2>/dev/null || true)
  if [[ -n "$image" ]]; then
    echo "its image must be one that the nodes have or a registry gives, got $image; correct services.${service#"${STACK}_"}.image in $SOURCE, or push the image"
  else
    echo "$2"
  fi
}

print_last_words() {
  local service=$1
  {
    echo "$STACK: service $service: $(explain "$service" "$2")"
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
  : "${STACK:?}" "${COMPOSE:?}" "${SOURCE:?}" "${SERVICES:?}" "${TIMEOUT_SECONDS:?}"
  local hash differences
  hash=$(printf '%s' "$COMPOSE" | sha256sum | cut -c1-16)
  differences=$(list_differences "$hash")
  if [[ "$STEP_VERB" == check ]]; then
    printf '%s' "${differences:+$differences$'\n'}"
    return
  fi
  if [[ -n "$differences" ]]; then
    deploy
  fi
  wait_until_settled
  remember "$hash"
  wait_until_settled
  echo "$STACK runs"
}

main "$@" </dev/null
