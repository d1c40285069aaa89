#!/usr/bin/env bats
# Deploying a compose file, with a swarm that is a folder: a file of SWARM/services is a service, its text the replicas.

# shellcheck disable=SC2016 # a stub's text is for the stub
COMPOSE=$'services:\n  web:\n    image: example/web:1\n  db:\n    image: example/db:1\n'

setup() {
  load helper
  SWARM=$BATS_TEST_TMPDIR/swarm
  export SWARM
  mkdir -p "$SWARM/services" "$SWARM/hash" "$SWARM/spec"
  stub sleep
  stub docker '
service() { [[ -e "$SWARM/services/$1" ]]; }
case "$*" in
  "stack deploy"*)
    for word in "$@"; do [[ "${last:-}" != --compose-file ]] || cp "$word" "$SWARM/compose.yaml"; last=$word; done
    for name in web db; do
      echo "${REPLICAS:-1/1}" >"$SWARM/services/app_$name"
      rm -f "$SWARM/spec/app_$name" "$SWARM/hash/app_$name" "$SWARM/by-hand"
    done ;;
  "stack services"*) for file in "$SWARM"/services/*; do [[ ! -e "$file" ]] || echo "${file##*/} $(cat "$file")"; done ;;
  *"{{.UpdateStatus.Message}}"*) echo "update paused due to failure" ;;
  "service inspect"*) [[ "$3" != "${UPDATED:-}" ]] || echo "$UPDATE_STATE" ;;
  "service ps"*"{{.Image}} {{.Error}}"*) [[ "$3" != "${FAILED:-}" ]] || printf "%b\\n" "${ENDED:-}" ;;
  "service ps"*desired-state=shutdown*) [[ "$3" != "${FAILED:-}" ]] || printf "Failed 3 seconds ago\nRejected 2 seconds ago\nFailed 1 second ago\n" ;;
  "service ps"*) echo "  $3.1 on node1: Failed task: non-zero exit (1)" ;;
  "service logs"*) echo "$5.1 | cannot open the database" ;;
  "ps --all"*) ;;
esac'
  stub curl '
url=${*: -1}
name=${url#*/services/}
if [[ "$url" == *"/update?version=7" ]]; then
  spec=$(cat)
  jq -r ".Labels[\"swarmstead.compose-hash\"]" <<<"$spec" >"$SWARM/hash/${name%/update*}"
  jq -r ".Labels[\"swarmstead.spec-hash\"]" <<<"$spec" >"$SWARM/spec/${name%/update*}"
  exit
fi
[[ "$name" == http* ]] || { echo "{\"Version\": {\"Index\": 7}, \"Spec\": {\"Name\": \"$name\", \"Labels\": {}}}"; exit; }
for name in $(ls "$SWARM/services"); do
  labels="{\"swarmstead.compose-hash\": \"$(cat "$SWARM/hash/$name" 2>/dev/null)\", \"swarmstead.spec-hash\": \"$(cat "$SWARM/spec/$name" 2>/dev/null)\"}"
  echo "{\"Spec\": {\"Name\": \"$name\", \"Labels\": $labels, \"TaskTemplate\": {\"ForceUpdate\": ${FORCED:-0}, \"Env\": \"$(cat "$SWARM/by-hand" 2>/dev/null)\"}}}"
done | jq --slurp --compact-output'
  value STACK app
  value COMPOSE "$COMPOSE"
  value SOURCE apps/app/compose.yaml
  value SERVICES "web db"
  value TIMEOUT_SECONDS 2
}

step() {
  run_step stack/scripts/deploy-stack.sh "$@"
}

@test "deploys the file byte for byte, and labels each service with its hash once it runs" {
  step
  expect_status 0
  [[ "${lines[-1]}" == "app runs" ]]
  printf '%s' "$COMPOSE" | cmp - "$SWARM/compose.yaml"
  hash=$(printf '%s' "$COMPOSE" | sha256sum | cut -c1-16)
  [[ "$(cat "$SWARM/hash/app_web")" == "$hash" && "$(cat "$SWARM/hash/app_db")" == "$hash" ]]
  [[ "$(grep -c 'curl .*/update?version=7$' "$CALLS")" -eq 2 ]]
}

@test "gives Docker one file, as it would lose ports where it merges two" {
  step
  [[ "$(grep 'stack deploy' "$CALLS" | grep -o -e --compose-file | wc -l)" -eq 1 ]]
}

@test "labels nothing that does not run, and deploys it again" {
  REPLICAS=0/1 step
  expect_status 1
  refuse_call '/update'
  : >"$CALLS"
  step
  expect_status 0
  [[ "$(grep -c 'stack deploy' "$CALLS")" -eq 1 ]]
}

@test "prunes, and leaves no file behind" {
  TMPDIR=$BATS_TEST_TMPDIR/tmp
  mkdir "$TMPDIR"
  export TMPDIR
  step
  grep -Eq '^docker stack deploy --prune --detach=true --resolve-image changed --with-registry-auth --compose-file .* app$' "$CALLS"
  [[ -z "$(ls "$TMPDIR")" ]]
}

@test "does not deploy in a second run" {
  step
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "app runs" ]]
  refuse_call 'stack deploy|/update'
}

@test "deploys again what was changed by hand, and not what was only forced" {
  step
  : >"$CALLS"
  FORCED=3 step
  refuse_call 'stack deploy|/update'
  echo "DEBUG=1" >"$SWARM/by-hand"
  step
  expect_status 0
  [[ "$(grep -c 'stack deploy' "$CALLS")" -eq 1 ]]
}

@test "says in a check what was changed by hand, and changes nothing" {
  step check
  [[ "$output" == $'service app_web is missing\nservice app_db is missing' ]]
  step
  : >"$CALLS"
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo "DEBUG=1" >"$SWARM/by-hand"
  step check
  [[ "$output" == $'service app_db was changed by hand, or its deployment did not come to its end\nservice app_web was changed by hand, or its deployment did not come to its end' ]]
  rm "$SWARM/services/app_web"
  step check
  [[ "${lines[0]}" == "service app_web is missing" ]]
  refuse_call 'stack deploy|/update'
}

@test "deploys where the text changed, or one service lost its label" {
  step
  : >"$CALLS"
  value COMPOSE "$COMPOSE# more"
  step
  [[ "$(grep -c 'stack deploy' "$CALLS")" -eq 1 ]]
  local name count=1
  for name in app_db app_web; do
    echo >"$SWARM/hash/$name"
    step
    count=$((count + 1))
    [[ "$(grep -c 'stack deploy' "$CALLS")" -eq $count ]]
  done
}

@test "prints the last words of a service that does not run in time" {
  REPLICAS=0/1 step
  expect_status 1
  expect_text "app: service app_web: does not run after 2 s"
  expect_text "app_web.1 on node1: Failed task: non-zero exit (1)"
  expect_text "app_web.1 | cannot open the database"
}

@test "gives a service up whose tasks end again and again, without waiting for the end" {
  value TIMEOUT_SECONDS 600
  REPLICAS=0/1 FAILED=app_web step
  expect_status 1
  expect_text "app: service app_web: its tasks end again and again"
  expect_text "app_web.1 | cannot open the database"
}

@test "names an image that does not exist, with its service and the cure, in one line" {
  value TIMEOUT_SECONDS 600
  local words
  for words in "No such image: example/web:9" "pull access denied for example/web, repository does not exist" \
    "manifest for example/web:9 not found: manifest unknown" "Manifest unknown"; do
    REPLICAS=0/1 FAILED=app_web ENDED="example/web:9 $words" step
    expect_status 1
    [[ "${lines[0]}" == "app: service app_web: its image must be one that the nodes have or a registry gives, got example/web:9; correct services.web.image in apps/app/compose.yaml, or push the image" ]] || {
      printf 'got: %s\n' "$output" >&2
      return 1
    }
  done
}

@test "names it as well where an update was rolled back for it" {
  UPDATED=app_web UPDATE_STATE=rollback_completed FAILED=app_web ENDED="example/web:9 No such image: example/web:9" step
  expect_status 1
  expect_text "got example/web:9; correct services.web.image"
}

@test "does not blame an image that was missing once, where the last task ended of something else" {
  value TIMEOUT_SECONDS 600
  REPLICAS=0/1 FAILED=app_web ENDED="example/web:1 task: non-zero exit (1)\nexample/web:9 No such image: example/web:9" step
  expect_text "app: service app_web: its tasks end again and again"
  REPLICAS=0/1 FAILED=app_web ENDED="" step
  expect_text "app: service app_web: its tasks end again and again"
}

@test "says so where an update was paused or rolled back" {
  value TIMEOUT_SECONDS 600
  for state in paused rollback_paused rollback_completed; do
    UPDATED=app_web UPDATE_STATE=$state step
    expect_status 1
    expect_text "app: service app_web: its update failed (update paused due to failure)"
  done
}

@test "waits for an update that is under way, though every task runs" {
  UPDATED=app_web UPDATE_STATE=updating step
  expect_status 1
  expect_text "app: service app_web: does not run after 2 s"
}

@test "fails with Docker's words where it refuses the file" {
  stub docker '[[ $2 != deploy ]] || { echo "services.web Additional property imgae is not allowed" >&2; exit 1; }'
  step
  [[ "$status" -ne 0 ]]
  expect_text "Additional property imgae is not allowed"
  [[ "$output" != *"app runs"* ]]
}

@test "does not take a swarm that does not answer for a stack that runs" {
  stub docker '[[ $2 == deploy ]] || { echo "Error: rpc error: The swarm does not have a leader" >&2; exit 1; }'
  step
  [[ "$status" -ne 0 ]]
  [[ "$output" != *"app runs"* ]]
}

@test "does not deploy, nor find a service missing, where the swarm does not answer" {
  stub curl 'exit 22'
  for verb in create check; do
    step "$verb"
    expect_status 1
    [[ "$output" == "app: the swarm does not answer" ]]
  done
  refuse_call 'stack deploy'
}

@test "does not take silence on one question for a stack that runs" {
  real=$(tail -n +3 "$BIN/docker")
  local question
  for question in "stack services" "service inspect app_"; do
    rm -f "$SWARM"/services/* "$SWARM"/hash/*
    stub docker "[[ \"\$*\" != \"$question\"* ]] || exit 1"$'\n'"$real"
    step
    [[ "$status" -ne 0 ]]
    expect_text "app: service app_web: does not run after 2 s"
  done
}

@test "names a value that is missing" {
  expect_missing_named stack/scripts/deploy-stack.sh STACK COMPOSE SOURCE SERVICES TIMEOUT_SECONDS
}
