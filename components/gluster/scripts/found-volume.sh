#!/usr/bin/env bash
# The volume, which all managers found together, once. Runs on the operator's computer, behind visit.sh.
#
# Reads: VOLUME           its name
#        BRICK            folder of each machine's brick
#        MAP              the managers, a line `<name> <address>` each
#        TIMEOUT_SECONDS  how long the daemons may take to know each other
#
# Where any machine knows the volume, it is there, and the others learn of it from that one. It is made only where all
# bricks are there and empty: files in one are those of a volume that is not known any more.
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 1
}

# Prints "knows" (the volume), "empty" (its brick), or what stands against it.
# shellcheck disable=SC2016 # expanded on the machine
LOOK='
[[ ! -e /var/lib/glusterd/vols/$VOLUME/info ]] || { echo knows; exit; }
[[ -d $BRICK ]] || { echo "has no such folder"; exit; }
[[ -z "$(find "$BRICK" -mindepth 1 -not -path "$BRICK/.glusterfs")" ]] && echo empty || echo "has files in it"
'

# A volume whose making was cut off leaves its mark on a brick, and a folder in it; the brick made anew has neither.
# shellcheck disable=SC2016 # expanded on the machine
CLEAR='
set -euo pipefail
[[ ! -d $BRICK/.glusterfs ]] || rmdir "$BRICK/.glusterfs"
rmdir "$BRICK"
mkdir "$BRICK"
'

# shellcheck disable=SC2016 # expanded on the machine
FOUND='
set -euo pipefail
for ((second = 0; second < TIMEOUT_SECONDS; second += 1)); do
  known=$(gluster pool list)
  [[ $(grep -cw Connected <<<"$known") -ne 3 ]] || break
  sleep 1
done
[[ $(grep -cw Connected <<<"$known") -eq 3 ]] || {
  echo "$(hostname): its GlusterFS is not connected to the others after $TIMEOUT_SECONDS s; see: gluster pool list, journalctl -u glusterd -n 30" >&2
  exit 1
}
# shellcheck disable=SC2086 # three words
gluster --mode=script volume create "$VOLUME" replica 3 $BRICKS </dev/null >&2
echo "changed volume $VOLUME"
'

# visit NAME SCRIPT  runs it there with the values
# shellcheck disable=SC2153 # BRICK is one of them
visit() {
  on_machine "$1" < <(printf 'VOLUME=%q BRICK=%q BRICKS=%q TIMEOUT_SECONDS=%q\n%s' "$VOLUME" "$BRICK" "$BRICKS" "$TIMEOUT_SECONDS" "$2")
}

main() {
  : "${VOLUME:?}" "${BRICK:?}" "${MAP:?}" "${TIMEOUT_SECONDS:?}"
  local name address state names=() BRICKS="" faults=""
  while read -r name address; do
    names+=("$name")
    BRICKS+="${BRICKS:+ }$address:$BRICK"
  done <<<"$MAP"
  for name in "${names[@]}"; do
    state=$(visit "$name" "$LOOK") || state="does not answer"
    case $state in
      knows) return 0 ;;
      empty) ;;
      *) faults+="${faults:+, }$name $state" ;;
    esac
  done
  [[ -z "$faults" ]] ||
    fail "volume $VOLUME: can only be made where every manager answers and has an empty $BRICK; $faults; bring back what does not answer; files are of a volume that no machine knows any more: save them, then raise that machine's generation"
  for name in "${names[@]}"; do visit "$name" "$CLEAR"; done
  visit "${names[0]}" "$FOUND"
}

main "$@" </dev/null
