#!/usr/bin/env bash
# Ceph's daemons of one machine beside its monitor: manager, metadata server, and an OSD on each of its disks.
#
# Reads: DISKS  a line `<device> <uuid of the OSD>` each
#        WIPE   names of disks under /dev/disk/by-id that may be erased whatever is on them, separated by spaces; may be empty
#
# A disk that carries a signature of anything is refused, unless it is listed to be wiped or it is this OSD's own already.
# What runs is left alone, so a second run changes nothing. Follows step.sh.
set -euo pipefail

OSDS=/var/lib/ceph/osd

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

# Prints the number of the OSD of that uuid that is ready on this machine; nothing where there is none.
find_osd() {
  local folder
  for folder in "$ROOT$OSDS"/ceph-*; do
    [[ -e "$folder/ready" && "$(cat "$folder/fsid" 2>/dev/null)" == "$1" ]] || continue
    echo "${folder##*-}"
    return
  done
}

# Prints `<uuid> <whether it was made to its end>` of the OSD that a disk holds; nothing where it holds none.
read_label() {
  local label
  label=$(ceph-bluestore-tool show-label --dev "$1" 2>/dev/null) || return 0
  jq -r '.[] | "\(.osd_uuid) \(.ready // "no")"' <<<"$label"
}

# Says what is on a disk that nobody has given to Ceph.
refuse_signature() {
  local device=$1 found
  found=$(wipefs --noheadings --output TYPE "$device" | sort -u | tr '\n' ' ')
  found=${found% }
  [[ -n "$found" ]] || return 0
  if [[ " ${WIPE:-} " == *" ${device##*/} "* ]]; then
    echo "wiping $device, which holds $found"
    wipefs --all --quiet "$device"
    # An old OSD is known by its first bytes, too.
    dd if=/dev/zero of="$device" bs=1M count=16 conv=fsync status=none
    return 0
  fi
  fail "$device: must be empty, holds $found; save what is on it, then list ${device##*/} under storage.wipe, which erases it"
}

make_osd() {
  local device=$1 uuid=$2 label id folder key
  [[ -b "$(readlink -f "$ROOT$device")" ]] || fail "$device: must be a disk of this machine; there are: $(cd "$ROOT/dev/disk/by-id" 2>/dev/null && echo *)"
  label=$(read_label "$device")
  # One that was begun and not ended is begun again.
  if [[ "$label" == "$uuid no" ]]; then wipefs --all --quiet "$device"; fi
  [[ "$label" == "$uuid ready" ]] || refuse_signature "$device"
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
