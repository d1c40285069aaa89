#!/usr/bin/env bash
# Put before a step that has to know this machine's OSDs. Defines only functions, which follow step.sh.
set -euo pipefail

OSDS=/var/lib/ceph/osd

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

# is_ours DEVICE UUID  whether that OSD is this machine's already, or is on the disk, be it only begun
is_ours() {
  [[ -n "$(find_osd "$2")" || "$(read_label "$1")" == "$2 "* ]]
}
