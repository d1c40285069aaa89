#!/usr/bin/env bash
# Appended to every step: leaves the hash of what ran on the machine it ran on, or takes it away on delete.
#
# Reads: STAMP_STEP  name of the step
#        STAMP_HASH  hash of the script and its values
#
# A second run with the same hash leaves the stamp's file untouched.
set -euo pipefail

write_stamp() {
  : "${STAMP_STEP:?}" "${STAMP_HASH:?}"
  local folder=/var/lib/swarmstead/stamps
  if [[ "${1:-}" == delete ]]; then
    rm -f "$folder/$STAMP_STEP"
  elif [[ "$(cat "$folder/$STAMP_STEP" 2>/dev/null || true)" != "$STAMP_HASH" ]]; then
    install -d -m 700 /var/lib/swarmstead "$folder"
    echo "$STAMP_HASH" >"$folder/$STAMP_STEP.new"
    mv "$folder/$STAMP_STEP.new" "$folder/$STAMP_STEP"
  fi
}

write_stamp "$@" </dev/null
