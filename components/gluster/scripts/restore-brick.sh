#!/usr/bin/env bash
# The copy on one manager whose disk came back empty: has the others fill it.
#
# Reads: VOLUME           name of the volume
#        ADDRESS          the machine's own
#        DISK_FOLDER      where its disk is mounted
#        BRICK            folder of its brick
#        TIMEOUT_SECONDS  how long its daemon may take to learn of the volume and to meet the others
#
# A brick that has been served once has its root folder's number in .glusterfs. One that has not is given to GlusterFS as a
# new one, which marks on the others that all has to be copied, so that nobody reads from it before. A brick that has
# been served is never touched, and a second run changes nothing. Follows step.sh.
set -euo pipefail

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

# wait_for COMMAND…  false where it has not come true in time
wait_for() {
  local second
  for ((second = 0; second < TIMEOUT_SECONDS; second += 1)); do
    ! "$@" || return 0
    sleep 1
  done
  return 1
}

knows_volume() {
  [[ -e "$ROOT/var/lib/glusterd/vols/$VOLUME/info" ]]
}

meets_others() {
  [[ "$(gluster pool list 2>/dev/null | grep -cw Connected)" -eq 3 ]]
}

# How many of the other copies are there; what they say of themselves is asked by a client of its own.
count_others() {
  gluster volume heal "$VOLUME" info summary 2>/dev/null </dev/null |
    awk -v own="Brick $ADDRESS:" '/^Brick / { other = index($0, own) != 1 } other && /^Status: Connected/ { count += 1 } END { print count + 0 }'
}

main() {
  : "${VOLUME:?}" "${ADDRESS:?}" "${DISK_FOLDER:?}" "${BRICK:?}" "${TIMEOUT_SECONDS:?}"
  # Of a run that was cut off: the daemon may have started the brick before the others were told.
  local mark=$DISK_FOLDER/restoring
  [[ ! -d "$ROOT$BRICK/.glusterfs/00" || -e "$ROOT$mark" ]] || return 0
  to_mend "$BRICK holds no copy of the volume" || return 0
  [[ -d "$ROOT$BRICK" ]] || fail "$BRICK: is not there, as its disk is not mounted on $DISK_FOLDER"
  wait_for knows_volume || fail "volume $VOLUME: is not known here after $TIMEOUT_SECONDS s; see: gluster pool list"
  [[ "$(count_others)" -eq 2 ]] ||
    fail "$BRICK: is empty, and the two other copies that could fill it do not both answer; bring them back first, then run this again; see: gluster volume heal $VOLUME info summary"
  touch "$ROOT$mark"
  sync "$ROOT$mark"
  # A daemon that was told of the volume while it ran takes its own brick for another (glusterfs 11.1).
  systemctl restart glusterd.service
  wait_for meets_others || fail "GlusterFS does not meet the others after $TIMEOUT_SECONDS s; see: gluster pool list"
  gluster --mode=script volume reset-brick "$VOLUME" "$ADDRESS:$BRICK" start >/dev/null
  gluster --mode=script volume reset-brick "$VOLUME" "$ADDRESS:$BRICK" "$ADDRESS:$BRICK" commit force >/dev/null
  rm "$ROOT$mark"
  echo "changed $BRICK"
}

main "$@" </dev/null
