#!/usr/bin/env bats
# The disk of a manager with its brick. A disk is a file under WORLD: <name>.types is what is on it, as wipefs tells it.

# shellcheck disable=SC2016,SC2034 # a stub's text is for the stub; the helper reads LIBRARIES
DISK=/dev/disk/by-id/virtio-data
UNIT=/etc/systemd/system/srv-gluster.mount

setup() {
  load helper
  LIBRARIES=(lib/scripts/disks.sh gluster/scripts/bricks.sh)
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world
  mkdir -p "$FILES_ROOT/proc/self" "$WORLD"
  echo '/dev/vda / ext4 rw 0 0' >"$FILES_ROOT/proc/self/mounts"
  make_disks "$DISK"
  stub hostname 'echo node1'
  stub chattr
  stub dd
  stub lsblk 'echo "{\"blockdevices\": []}"'
  stub wipefs '
types=$WORLD/${!###*/}.types
case $* in
  *TYPE,UUID*) cat "$types" 2>/dev/null; true ;;
  *--output*) cut -d " " -f 1 "$types" 2>/dev/null; true ;;
  "--all --quiet "*) rm -f "$types" ;;
esac'
  stub xfs_db '[[ ! -e "$WORLD/inprogress" ]] && echo "inprogress = 0" || echo "inprogress = 1"'
  stub mkfs.xfs '
types=$WORLD/${!###*/}.types
[[ ! -e "$types" ]] || { echo "mkfs.xfs: use the -f option to force overwrite" >&2; exit 1; }
echo "xfs  ${5#uuid=}" >"$types"
[[ ! -e "$WORLD/power-cut" ]] || { touch "$WORLD/inprogress"; exit 1; }
rm -f "$WORLD/inprogress"'
  stub systemctl '
unit=$WORLD/${!#}
case $1 in
  show) cat "$unit.enabled" "$unit.active" 2>/dev/null; true ;;
  enable) echo UnitFileState=enabled >"$unit.enabled" ;;
  start)
    grep -q ^xfs "$WORLD/virtio-data.types" || exit 1
    echo ActiveState=active >"$unit.active"
    echo "/dev/vdb /srv/gluster xfs rw 0 0" >>"$FILES_ROOT/proc/self/mounts" ;;
esac'
  value DISK "$DISK uuid-1"
  value WIPE ""
  value DISK_FOLDER /srv/gluster
  value DISK_UNIT srv-gluster.mount
  value UNIT_TEXT "[Mount]"$'\n'"What=$DISK"$'\n'
  value BRICK /srv/gluster/brick
}

step() {
  run_step gluster/scripts/set-brick.sh "$@"
}

# unmount  as if the machine had lost its power, or its disk
unmount() {
  rm -f "$WORLD/srv-gluster.mount.active"
  echo '/dev/vda / ext4 rw 0 0' >"$FILES_ROOT/proc/self/mounts"
}

# state  everything that the step may change
state() {
  snapshot "$FILES_ROOT"
  snapshot "$WORLD"
}

CHANGES='--all|^dd|^mkfs|^chattr|^systemctl (start|enable|restart|daemon)'

@test "makes a file system on an empty disk, mounts it on a folder that takes nothing, and makes the brick inside" {
  step
  expect_status 0
  [[ "$output" == "changed $DISK"$'\n'"changed $UNIT"$'\n'"changed /srv/gluster/brick" ]]
  diff "$FILES_ROOT$UNIT" - <<<"[Mount]"$'\n'"What=$DISK"
  grep -E -- "$CHANGES" "$CALLS" | sed "s|$FILES_ROOT||" | diff - /dev/fd/3 3<<TEXT
mkfs.xfs -q -i size=512 -m uuid=uuid-1 $DISK
chattr +i /srv/gluster
systemctl daemon-reload
systemctl enable --quiet srv-gluster.mount
systemctl start srv-gluster.mount
TEXT
}

@test "changes nothing and asks nothing of the disk in a second run" {
  step
  before=$(state)
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(state)" == "$before" ]]
  refuse_call "$CHANGES|wipefs|xfs_db"
}

@test "mounts its own file system again, and does not make it anew, even where its disk is listed" {
  step
  unmount
  value WIPE virtio-data
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" ]]
  expect_call "systemctl start srv-gluster.mount"
  refuse_call '--all|^dd|^mkfs|^chattr'
}

@test "fills an empty disk in the place of one that was mounted" {
  step
  unmount
  rm "$WORLD/virtio-data.types"
  rmdir "$FILES_ROOT/srv/gluster/brick"
  step
  expect_status 0
  [[ "$output" == "changed $DISK"$'\n'"changed /srv/gluster/brick" ]]
}

@test "begins its own file system again that was begun and not ended" {
  touch "$WORLD/power-cut"
  step
  expect_status 1
  rm "$WORLD/power-cut"
  step
  expect_status 0
  expect_call "wipefs --all --quiet $DISK"
  [[ "$(cat "$WORLD/virtio-data.types")" == "xfs  uuid-1" ]]
}

@test "refuses a disk with a signature, that of another brick too, and changes nothing" {
  local held
  for held in "gpt " "xfs  uuid-2"; do
    echo "$held" >"$WORLD/virtio-data.types"
    before=$(state)
    step
    expect_status 1
    [[ "$output" == "node1: $DISK: must be empty, holds ${held%% *}; save what is on it, then list virtio-data under storage.wipe, which erases it" ]]
    [[ "$(state)" == "$before" ]]
    refuse_call "$CHANGES"
  done
}

@test "wipes a disk that is listed" {
  echo "xfs  uuid-2" >"$WORLD/virtio-data.types"
  value WIPE "virtio-other virtio-data"
  step
  expect_status 0
  [[ "${lines[0]}" == "wiping $DISK, which holds xfs" ]]
  [[ "$(cat "$WORLD/virtio-data.types")" == "xfs  uuid-1" ]]
}

@test "does not erase what another disk in the place of this brick's holds, though its name is listed" {
  step
  unmount
  echo "ext4 uuid-3" >"$WORLD/virtio-data.types"
  value WIPE virtio-data
  : >"$CALLS"
  step
  expect_status 1
  [[ "$output" == "node1: $DISK: must be empty to take the place of the disk of /srv/gluster/brick, holds ext4; save what is on it, then erase it: wipefs --all $DISK" ]]
  refuse_call "$CHANGES"
}

@test "names a disk that the machine does not have, and those that it has" {
  value DISK "/dev/disk/by-id/virtio-none uuid-1"
  step
  expect_status 1
  [[ "$output" == "node1: /dev/disk/by-id/virtio-none: must be a disk of this machine; there are: virtio-data" ]]
  refuse_call "$CHANGES"
}

@test "makes no brick where its disk does not get mounted" {
  stub systemctl '[[ $1 != start ]]'
  step
  expect_status 1
  [[ ! -e "$FILES_ROOT/srv/gluster/brick" ]]
}

@test "says in a check what it would change, and changes nothing" {
  before=$(state)
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$DISK is not mounted on /srv/gluster
$UNIT is not as it should be
srv-gluster.mount does not start at boot
srv-gluster.mount does not run
TEXT
  [[ "$(state)" == "$before" ]]
  refuse_call "$CHANGES"
  step
  rmdir "$FILES_ROOT/srv/gluster/brick"
  step check
  [[ "$output" == "/srv/gluster/brick is not there" ]]
}

@test "names a value that is missing" {
  expect_missing_named gluster/scripts/set-brick.sh DISK DISK_FOLDER DISK_UNIT UNIT_TEXT BRICK
}
