#!/usr/bin/env bash
# GlusterFS's daemon on one manager, as a peer of the others from its first start on.
#
# Reads: GLUSTERD_VOL  text of /etc/glusterfs/glusterd.vol
#        DROP_IN       text of the drop-in of the daemon's unit
#        VOLUME        name of the volume
#        PEER          the machine's own id
#        PEERS         the others, a line `<id> <address>` each
#
# Who the peers are is written down before the daemon starts, as a replaced server is brought back by hand: so one that comes
# back empty is the same peer, and is told of the volume by the others. Of a daemon that knows the volume nothing is
# changed, so a second run changes nothing. Follows step.sh.
set -euo pipefail

STATE=/var/lib/glusterd
# GlusterFS's number for what all its peers understand; that of version 11, Debian 13's. It is raised by hand once all have a newer one.
OPERATING_VERSION=110000

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

knows_volume() {
  [[ -e "$ROOT$STATE/vols/$VOLUME/info" ]]
}

is_new() {
  ! compgen -G "$ROOT$STATE/vols/*" >/dev/null && ! compgen -G "$ROOT$STATE/peers/*" >/dev/null
}

set_identity() {
  local info=$STATE/glusterd.info
  ! grep -Fxq "UUID=$PEER" "$ROOT$info" 2>/dev/null || return 0
  is_new || fail "$STATE: must be of this cluster's GlusterFS, or empty; it has volumes or peers of another; move it elsewhere, then run this again"
  to_mend "$info is not of this machine" || return 0
  install_text "$info" 600 "UUID=$PEER"$'\n'"operating-version=$OPERATING_VERSION"$'\n'
}

set_peers() {
  local id address file
  while read -r id address; do
    file=$STATE/peers/$id
    ! grep -Fxq "hostname1=$address" "$ROOT$file" 2>/dev/null || continue
    ! knows_volume ||
      fail "$file: must name $address, and does not; the volume's machines cannot be exchanged for others, so leave the managers' names and addresses as they were"
    # Its state: a peer in the cluster (GD_FRIEND_STATE_BEFRIENDED).
    install_text "$file" 600 "uuid=$id"$'\n'"state=3"$'\n'"hostname1=$address"$'\n'
  done <<<"$PEERS"
}

# A daemon that was started before learns who the peers are by a restart.
tell_daemon() {
  local marks="$ROOT/run/swarmstead/changed${STATE//\//.}."
  compgen -G "$marks*" >/dev/null && to_mend "glusterd has not been told who its peers are" || return 0
  systemctl try-restart glusterd.service
  rm -f "$marks"*
}

main() {
  : "${GLUSTERD_VOL:?}" "${DROP_IN:?}" "${VOLUME:?}" "${PEER:?}" "${PEERS:?}"
  local conf=/etc/glusterfs/glusterd.vol drop_in=/etc/systemd/system/glusterd.service.d/swarmstead.conf
  # The daemon reads it when it starts; a restart would take the brick along, for nothing that cannot wait.
  install_text "$conf" 644 "$GLUSTERD_VOL"
  settle "$conf"
  install_text "$drop_in" 644 "$DROP_IN"
  if [[ "$CHANGED" == yes ]]; then
    systemctl daemon-reload
    settle "$drop_in"
  fi
  set_identity
  set_peers
  tell_daemon
  ensure_unit glusterd.service
}

main "$@" </dev/null
