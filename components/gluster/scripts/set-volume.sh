#!/usr/bin/env bash
# What the volume has to be: its bricks, its options, started.
#
# Reads: VOLUME           its name
#        BRICKS           where its copies lie, a line `<address>:<folder>` each
#        OPTIONS          a line `<name> <value>` each
#        TIMEOUT_SECONDS  how long this machine may take to learn of the volume
#
# Compares before it says anything, so a second run changes nothing. Follows step.sh.
set -euo pipefail

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

# Prints what the volume is; fails where this machine does not know it. One that came back empty is told by the others.
ask_volume() {
  local second limit=$TIMEOUT_SECONDS
  [[ "$STEP_VERB" != check ]] || limit=1
  for ((second = 0; second < limit; second += 1)); do
    ! gluster volume info "$VOLUME" 2>/dev/null || return 0
    sleep 1
  done
  fail "volume $VOLUME: is not known here; see: gluster pool list"
}

main() {
  : "${VOLUME:?}" "${BRICKS:?}" "${OPTIONS:?}" "${TIMEOUT_SECONDS:?}"
  local info bricks name value words=()
  info=$(ask_volume)
  bricks=$(sed -n 's/^Brick[0-9]*: //p' <<<"$info" | sort)
  [[ "$bricks" == "$(sort <<<"$BRICKS")" ]] ||
    fail "volume $VOLUME: must have its copies on ${BRICKS//$'\n'/ }, has them on ${bricks//$'\n'/ }; they cannot be moved to other machines, so leave the managers' names and addresses as they were, and raise generation to have one rebuilt"
  while read -r name value; do
    if ! grep -Fxq "$name: $value" <<<"$info" && to_mend "GlusterFS option $name is not as it should be"; then
      words+=("$name" "$value")
    fi
  done <<<"$OPTIONS"
  if [[ ${#words[@]} -gt 0 ]]; then
    gluster --mode=script volume set "$VOLUME" "${words[@]}" >/dev/null
    echo "changed options of volume $VOLUME"
  fi
  if ! grep -Fxq "Status: Started" <<<"$info" && to_mend "volume $VOLUME is not started"; then
    gluster --mode=script volume start "$VOLUME" >/dev/null
    echo "changed volume $VOLUME"
  fi
}

main "$@" </dev/null
