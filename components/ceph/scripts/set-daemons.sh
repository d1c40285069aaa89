#!/usr/bin/env bash
# Ceph's daemons of one machine beside its monitor: manager, metadata server, and an OSD on each of its disks.
#
# Reads: DISKS  a line `<device> <uuid of the OSD>` each
#        WIPE   names of disks under /dev/disk/by-id that may be erased whatever is on them, separated by spaces; may be empty
#
# A disk that carries a signature of anything is refused, unless it is listed to be wiped or it is this OSD's own already.
# What runs is left alone, so a second run changes nothing. Follows step.sh, disks.sh and osds.sh.
set -euo pipefail

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

make_osd() {
  local device=$1 uuid=$2 label id folder key
  label=$(read_label "$device")
  # One that was begun and not ended is begun again.
  if [[ "$label" == "$uuid no" ]]; then wipefs --all --quiet "$device"; fi
  if [[ "$label" != "$uuid ready" ]]; then
    judge_disk "$device"
    [[ -z "$FAULT" ]] || fail "$device: $FAULT"
    clear_disk "$device"
  fi
  # The same answer for the same uuid. The shell's own printf, as a program's words are there for all to see.
  key=$(<"$ROOT/etc/ceph/osd.key")
  id=$(printf '{"cephx_secret": "%s"}' "$key" | ceph osd new "$uuid" -i -)
  folder=$ROOT$OSDS/ceph-$id
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

main() {
  : "${DISKS:?}"
  local device uuid id name
  name=$(hostname)
  while read -r device uuid; do
    id=$(find_osd "$uuid")
    if [[ -z "$id" ]] && to_mend "$device holds no OSD yet"; then
      make_osd "$device" "$uuid"
      id=$(find_osd "$uuid")
    fi
    [[ -z "$id" ]] || ensure_unit "ceph-osd@$id"
  done <<<"$DISKS"
  ensure_unit "ceph-mgr@$name"
  ensure_unit "ceph-mds@$name"
}

main "$@" </dev/null
