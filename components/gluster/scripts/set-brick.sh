#!/usr/bin/env bash
# The disk of one manager that holds its copy of the shared storage: a file system on it, mounted, with the brick inside.
#
# Reads: DISK         the disk under /dev/disk/by-id and the id of the file system that belongs there, `<device> <uuid>`
#        WIPE         names of disks under /dev/disk/by-id that may be erased whatever is on them, separated by spaces; may be empty
#        DISK_FOLDER  where it is mounted
#        DISK_UNIT    name of the unit that mounts it
#        UNIT_TEXT    that unit's text
#        BRICK        folder of the brick, inside of the mount
#
# A disk that carries a signature of anything is refused, unless it is listed to be wiped or it is this brick's already.
# What is mounted is left alone, so a second run changes nothing. Follows step.sh, disks.sh and bricks.sh.
set -euo pipefail

is_mounted() {
  grep -q " $DISK_FOLDER xfs " "$ROOT/proc/self/mounts"
}

# make_file_system DEVICE UUID  where it is not there, or was begun and not ended
make_file_system() {
  local device=$1 uuid=$2 before=""
  if is_ours "$device" "$uuid"; then
    xfs_db -r -c "sb 0" -c "print inprogress" "$device" | grep -Fxq "inprogress = 1" || return 0
    wipefs --all --quiet "$device"
  else
    ! grep -Fxq "What=$device" "$ROOT/etc/systemd/system/$DISK_UNIT" 2>/dev/null || before=$BRICK
    take_disk "$device" "$before"
  fi
  # Inodes hold GlusterFS's attributes at that size
  # (https://docs.gluster.org/en/latest/Administrator-Guide/formatting-and-mounting-bricks/).
  mkfs.xfs -q -i size=512 -m uuid="$uuid" "$device"
  echo "changed $device"
}

# The bare folder takes nothing: without its disk, nothing is written beside it.
make_mountpoint() {
  [[ ! -d "$ROOT$DISK_FOLDER" ]] || return 0
  install -d -m 755 "$ROOT$DISK_FOLDER"
  chattr +i "$ROOT$DISK_FOLDER"
}

main() {
  : "${DISK:?}" "${DISK_FOLDER:?}" "${DISK_UNIT:?}" "${UNIT_TEXT:?}" "${BRICK:?}"
  local device uuid
  read -r device uuid <<<"$DISK"
  if ! is_mounted && to_mend "$device is not mounted on $DISK_FOLDER"; then
    make_file_system "$device" "$uuid"
    make_mountpoint
  fi
  install_text "/etc/systemd/system/$DISK_UNIT" 644 "$UNIT_TEXT"
  if [[ "$CHANGED" == yes ]]; then
    systemctl daemon-reload
    settle "/etc/systemd/system/$DISK_UNIT"
  fi
  ensure_unit "$DISK_UNIT"
  if is_mounted && [[ ! -d "$ROOT$BRICK" ]] && to_mend "$BRICK is not there"; then
    mkdir "$ROOT$BRICK"
    echo "changed $BRICK"
  fi
}

main "$@" </dev/null
