#!/usr/bin/env bash
# Ends a stack. Its step stands before the one that deploys, so that a stack whose deployment failed, or was cut off half
# way, is known and can be taken away; coming into being, it changes nothing.
#
# Reads: STACK  name of the stack
#
# With `delete`, removes the stack and waits until its containers are gone; a second run changes nothing.
set -euo pipefail

remove() {
  # Without an answer of Docker nothing would be found, and what is there be taken for gone.
  docker info >/dev/null
  docker stack rm "$STACK" >/dev/null 2>&1 || true
  for _ in $(seq 120); do
    [[ -n "$(docker stack ps --quiet "$STACK" 2>/dev/null)$(docker stack services --quiet "$STACK" 2>/dev/null)" ]] || return 0
    sleep 1
  done
  echo "$STACK: its tasks have not ended after 120 s; see: docker stack ps $STACK" >&2
  exit 1
}

main() {
  : "${STACK:?}"
  if [[ "${1:-}" == delete ]]; then
    remove
  fi
}

main "$@" </dev/null
