#!/usr/bin/env bash
# Appended to every step of a machine: leaves the hash of what ran on the machine it ran on, or takes it away on delete.
#
# Reads: STAMP_STEP  name of the step
#        STAMP_HASH  hash of the script and its values
#
# A second run with the same hash leaves the stamp's file untouched. A check says where the stamp is another or missing.
set -euo pipefail

write_stamp() {
  : "${STAMP_STEP:?}" "${STAMP_HASH:?}"
  local folder=/var/lib/swarmstead/stamps
  if [[ "${1:-}" == delete ]]; then
    rm -f "$folder/$STAMP_STEP"
  elif [[ "$(cat "$folder/$STAMP_STEP" 2>/dev/null || true)" == "$STAMP_HASH" ]]; then
    return 0
  elif [[ "${1:-}" == check ]]; then
    echo "step $STAMP_STEP has not run here as it is now"
  else
    install -d -m 700 /var/lib/swarmstead "$folder"
    echo "$STAMP_HASH" >"$folder/$STAMP_STEP.new"
    mv "$folder/$STAMP_STEP.new" "$folder/$STAMP_STEP"
  fi
}

write_stamp "$@" </dev/null
