#!/usr/bin/env bash
# Ceph's daemons of one machine beside its monitor: manager, metadata server, and an OSD on each of its disks.
#
# Reads: DISKS  a line `<device> <uuid of the OSD>` each
#        WIPE   names of disks under /dev/disk/by-id that may be erased whatever is on them, separated by spaces; may be empty
#
# A disk that carries a signature of anything is refused, unless it is listed to be wiped or it is this OSD's own already.
# An empty one in the place of one that failed becomes the OSD again. What runs is left alone, so a second run changes
# nothing. Follows step.sh, disks.sh, osds.sh and register-osd.sh.
set -euo pipefail

# is_replaced DEVICE UUID NUMBER  whether another disk is in the place of the one that this machine's OSD was on. A look at
# a disk takes a while, so only where the OSD does not run.
is_replaced() {
  ! systemctl is-active --quiet "ceph-osd@$3" && [[ -b "$(readlink -f "$ROOT$1")" && "$(read_label "$1")" != "$2 "* ]]
}

# make_osd DEVICE UUID UUIDS
make_osd() {
  local device=$1 uuid=$2 label id folder key
  label=$(read_label "$device")
  # One that was begun and not ended is begun again.
  if [[ "$label" == "$uuid no" ]]; then wipefs --all --quiet "$device"; fi
  if [[ "$label" == "$uuid ready" ]]; then
    id=$(register_osd "$uuid" known "$3")
  else
    id=$(find_osd "$uuid")
    take_disk "$device" "${id:+OSD $id}"
    id=$(register_osd "$uuid" new "$3")
  fi
  folder=$ROOT$OSDS/ceph-$id
  key=$(<"$ROOT/etc/ceph/osd.key")
  rm -rf "$folder"
  install -d -o ceph -g ceph -m 750 "$folder"
  printf '[osd.%s]\n\tkey = %s\n' "$id" "$key" | install -o ceph -g ceph -m 600 /dev/stdin "$folder/keyring"
  ln -sfn "$device" "$folder/block"
  chown ceph:ceph "$device"
  if [[ "$label" == "$uuid ready" ]]; then
    ceph-bluestore-tool prime-osd-dir --dev "$device" --path "$folder" --no-mon-config
    chown -R ceph:ceph "$folder"
  else
    ceph-osd --mkfs -i "$id" --osd-uuid "$uuid" --osd-objectstore bluestore --setuser ceph --setgroup ceph
  fi
  touch "$folder/ready"
  echo "changed $OSDS/ceph-$id"
}

# forget_osds UUIDS  what is left of OSDs whose disks are gone from the config, or from the machine
forget_osds() {
  local folder unit
  for folder in "$ROOT$OSDS"/ceph-*; do
    [[ -e "$folder/ready" && " $1 " != *" $(cat "$folder/fsid") "* ]] || continue
    unit=ceph-osd@${folder##*-}
    ! systemctl is-active --quiet "$unit" || continue
    to_mend "$OSDS/${folder##*/} is of a disk that is no longer this machine's" || continue
    systemctl disable --quiet --now "$unit"
    rm -rf "$folder"
    echo "changed $OSDS/${folder##*/}"
  done
}

main() {
  : "${DISKS:?}"
  local device uuid uuids id name
  name=$(hostname)
  uuids=$(awk '{ print $2 }' <<<"$DISKS" | tr '\n' ' ')
  while read -r device uuid; do
    id=$(find_osd "$uuid")
    if [[ -z "$id" ]]; then
      ! to_mend "$device holds no OSD yet" || make_osd "$device" "$uuid" "$uuids"
    elif is_replaced "$device" "$uuid" "$id"; then
      ! to_mend "$device is not the disk that OSD $id was on" || make_osd "$device" "$uuid" "$uuids"
    fi
    id=$(find_osd "$uuid")
    [[ -z "$id" ]] || ensure_unit "ceph-osd@$id"
  done <<<"$DISKS"
  forget_osds "$uuids"
  ensure_unit "ceph-mgr@$name"
  ensure_unit "ceph-mds@$name"
}

main "$@" </dev/null
