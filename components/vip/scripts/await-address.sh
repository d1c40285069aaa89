#!/usr/bin/env bash
# Waits until the entry's address answers: a manager holds it, and the Traefik there takes requests.
#
# Reads: ADDRESS          the address
#        TIMEOUT_SECONDS  how long that may take
#
# Changes nothing. With `check`, says nothing: who holds the address is told by the status. Follows step.sh.
set -euo pipefail

# Whatever the answer is: a redirect, or that no app has this name.
answers() {
  curl --silent --output /dev/null --max-time 5 "http://$ADDRESS/"
}

main() {
  : "${ADDRESS:?}" "${TIMEOUT_SECONDS:?}"
  local deadline=$((SECONDS + TIMEOUT_SECONDS))
  [[ "$STEP_VERB" != check ]] || return 0
  until answers; do
    if ((SECONDS >= deadline)); then
      echo "entry: $ADDRESS does not answer on port 80 after $TIMEOUT_SECONDS s; ./swarmstead status says who may not hold it, and why" >&2
      exit 1
    fi
    sleep 1
  done
  echo "$ADDRESS answers"
}

main "$@" </dev/null
