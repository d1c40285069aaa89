#!/usr/bin/env bash
# Put before a step that gives whole disks to storage: which disk may be taken, and how one is emptied. Defines only
# functions, which follow step.sh.
#
# Reads: WIPE  names of disks under /dev/disk/by-id that may be erased whatever is on them, separated by spaces; may be empty
set -euo pipefail

# Prints the kinds of signature on a disk, each once; nothing on an empty one. False where the disk cannot be read.
signatures_on() {
  local found
  found=$(wipefs --noheadings --output TYPE "$1" | sort -u | tr '\n' ' ') || return
  echo "${found% }"
}

# Prints what uses a disk, or a part of it: where it is mounted, [SWAP], and what is built on it, like `lvm vg-root`.
users_of() {
  # Parts count by what uses them; by themselves they are a signature.
  lsblk --json --output NAME,TYPE,MOUNTPOINTS "$1" | jq --raw-output '[.blockdevices[]
    | (recurse(.children[]?) | .mountpoints[]? // empty),
      (.children[]? | recurse(.children[]?) | select(.type != "part") | "\(.type) \(.name)")] | unique | join(", ")'
}

may_wipe() {
  [[ " ${WIPE:-} " == *" ${1##*/} "* ]]
}

# judge_disk DEVICE  sets FAULT to why it must not be taken; to nothing where it may. That a disk is listed to be wiped
# is of no help where it is in use.
judge_disk() {
  local device=$1 users found there
  FAULT=""
  if [[ ! -b "$(readlink -f "$ROOT$device")" ]]; then
    there=$(cd "$ROOT/dev/disk/by-id" 2>/dev/null && echo *) || there=none
    FAULT="must be a disk of this machine; there are: $there"
    return
  fi
  users=$(users_of "$device")
  if [[ ", $users, " == *", /, "* ]]; then
    FAULT="must be a disk for storage alone, is the one that this machine's system is on; name another"
  elif [[ -n "$users" ]]; then
    FAULT="must not be in use, is in use by $users; name another, or save what is on it and take it out of use"
  elif ! found=$(signatures_on "$device"); then
    FAULT="must be readable, is not; see: dmesg"
  elif [[ -n "$found" ]] && ! may_wipe "$device"; then
    FAULT="must be empty, holds $found; save what is on it, then list ${device##*/} under storage.wipe, which erases it"
  fi
}

# take_disk DEVICE [BEFORE]  ends the step where the disk must not be taken, and erases what is on one that is listed for
# it. BEFORE is what a disk in this place has held: that it is listed was said of that one, or this is that one and could
# not be read
take_disk() {
  local device=$1 before=${2:-} found=""
  judge_disk "$device"
  [[ -n "$FAULT" ]] || found=$(signatures_on "$device")
  if [[ -n "$before" && -n "$found" ]]; then
    FAULT="must be empty to take the place of the disk of $before, holds $found; save what is on it, then erase it: wipefs --all $device"
  fi
  [[ -z "$FAULT" ]] || {
    echo "$(hostname): $device: $FAULT" >&2
    exit 1
  }
  if [[ -n "$found" ]]; then
    echo "wiping $device, which holds $found"
    wipefs --all --quiet "$device"
    # What was storage before is known by its first bytes, too.
    dd if=/dev/zero of="$device" bs=1M count=16 conv=fsync status=none
  fi
}
