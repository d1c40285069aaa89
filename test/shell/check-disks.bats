#!/usr/bin/env bats
# What the first contact says of the disks that storage is to take. A disk is a file under WORLD: <name>.lsblk is what uses
# it, <name>.types what is on it, <name>.label its OSD's label. BLOCKS are real block devices, which only the shell sees.

# shellcheck disable=SC2016,SC2034 # a stub's text is for the stub; the helper reads LIBRARIES
ONE=/dev/disk/by-id/virtio-one
TWO=/dev/disk/by-id/virtio-two

setup() {
  load helper
  LIBRARIES=(lib/scripts/disks.sh ceph/scripts/osds.sh)
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world BLOCKS
  mkdir -p "$FILES_ROOT${ONE%/*}" "$WORLD"
  touch "$FILES_ROOT$ONE" "$FILES_ROOT$TWO"
  mapfile -t BLOCKS < <(find /dev -type b 2>/dev/null | head -n 2)
  [[ "${#BLOCKS[@]}" -eq 2 ]] || skip "/dev: this computer has no two block devices, so the disks were not checked"
  printf '%s\n' "${BLOCKS[0]}" >"$WORLD/virtio-one.place"
  printf '%s\n' "${BLOCKS[1]}" >"$WORLD/virtio-two.place"
  stub readlink 'cat "$WORLD/${!###*/}.place" 2>/dev/null || echo "${!#}"'
  stub hostname 'echo node1'
  stub ip 'echo "lan UP 10.77.0.11/24"'
  local program
  for program in curl docker chronyd nft iptables sshd systemctl; do
    stub "$program"
  done
  stub lsblk 'cat "$WORLD/${!###*/}.lsblk" 2>/dev/null || echo "{\"blockdevices\": [{\"name\": \"vdb\", \"type\": \"disk\", \"mountpoints\": [null]}]}"'
  stub wipefs 'cat "$WORLD/${!###*/}.types" 2>/dev/null; [[ ! -e "$WORLD/${!###*/}.broken" ]]'
  stub ceph-bluestore-tool 'cat "$WORLD/${3##*/}.label"'
  value NAME node1
  value ADDRESS 10.77.0.11
  value PROGRAMS ""
  value SERVERS ""
  value MEMORY_MIB 0
  value DISKS "$ONE uuid-1"
  value WIPE ""
}

step() {
  run_step host/scripts/first-contact.sh "$@"
}

# expect_fault TEXT  the step fails, and that is all it says
expect_fault() {
  step
  expect_status 1
  [[ "$output" == "node1: $1" ]] || {
    printf 'wanted: node1: %s\ngot: %s\n' "$1" "$output" >&2
    return 1
  }
}

# use NAME JSON  what uses the disk
use() {
  echo "{\"blockdevices\": [$2]}" >"$WORLD/$1.lsblk"
}

@test "takes empty disks, and only looks at them" {
  value DISKS "$ONE uuid-1"$'\n'"$TWO uuid-2"
  before=$(snapshot "$BATS_TEST_TMPDIR/world")
  step
  expect_status 0
  [[ "$output" == "node1 answers" && "$(snapshot "$BATS_TEST_TMPDIR/world")" == "$before" ]]
  grep -E '^(lsblk|wipefs|ceph)' "$CALLS" | sort | diff - /dev/fd/3 3<<TEXT
lsblk --json --output NAME,TYPE,MOUNTPOINTS $ONE
lsblk --json --output NAME,TYPE,MOUNTPOINTS $TWO
wipefs --noheadings --output TYPE $ONE
wipefs --noheadings --output TYPE $TWO
TEXT
}

@test "asks nothing of the disks in a check" {
  printf 'ext4\n' >"$WORLD/virtio-one.types"
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  refuse_call '^(lsblk|wipefs|ceph)'
}

@test "names a disk that is not there, and those that are" {
  value DISKS "/dev/disk/by-id/virtio-none uuid-1"
  expect_fault "/dev/disk/by-id/virtio-none: must be a disk of this machine; there are: virtio-one virtio-two"
}

@test "refuses what is no block device" {
  rm "$WORLD/virtio-one.place"
  expect_fault "$ONE: must be a disk of this machine; there are: virtio-one virtio-two"
}

@test "refuses the system's disk, by a part of it and whatever is listed" {
  use virtio-one '{"name": "vda", "type": "disk", "mountpoints": [null], "children": [
    {"name": "vda1", "type": "part", "mountpoints": ["/boot"]},
    {"name": "vda2", "type": "part", "mountpoints": [null], "children": [
      {"name": "vg-root", "type": "lvm", "mountpoints": ["/"]}]}]}'
  value WIPE virtio-one
  expect_fault "$ONE: must be a disk for storage alone, is the one that this machine's system is on; name another"
}

@test "refuses a disk that is mounted, swapped to or built upon, whatever is listed" {
  value WIPE "virtio-one virtio-two"
  value DISKS "$ONE uuid-1"$'\n'"$TWO uuid-2"
  use virtio-one '{"name": "vdb", "type": "disk", "mountpoints": [null], "children": [
    {"name": "vdb1", "type": "part", "mountpoints": ["/srv", "/mnt"]}, {"name": "vdb2", "type": "part", "mountpoints": ["[SWAP]"]}]}'
  use virtio-two '{"name": "vdc", "type": "disk", "mountpoints": [null], "children": [
    {"name": "vg-free", "type": "lvm", "mountpoints": [null]}]}'
  expect_fault "$ONE: must not be in use, is in use by /mnt, /srv, [SWAP]; name another, or save what is on it and take it out of use
node1: $TWO: must not be in use, is in use by lvm vg-free; name another, or save what is on it and take it out of use"
}

@test "refuses one disk by two names" {
  cp "$WORLD/virtio-one.place" "$WORLD/virtio-two.place"
  value DISKS "$ONE uuid-1"$'\n'"$TWO uuid-2"
  expect_fault "$TWO: must be a disk of its own, is the same as $ONE; name it once"
}

@test "refuses a disk that holds anything, and takes it where it is listed" {
  printf 'gpt\nPMBR\ngpt\n' >"$WORLD/virtio-one.types"
  value WIPE virtio-one-more
  LC_ALL=C expect_fault "$ONE: must be empty, holds PMBR gpt; save what is on it, then list virtio-one under storage.wipe, which erases it"
  value WIPE "virtio-two virtio-one"
  step
  expect_status 0
}

@test "does not take a disk that cannot be read for an empty one" {
  touch "$WORLD/virtio-one.broken"
  expect_fault "$ONE: must be readable, is not; see: dmesg"
}

@test "takes this machine's own OSD, finished or not, and not another's" {
  echo ceph_bluestore >"$WORLD/virtio-one.types"
  echo "{\"$ONE\": {\"osd_uuid\": \"uuid-1\"}}" >"$WORLD/virtio-one.label"
  step
  expect_status 0
  echo "{\"$ONE\": {\"osd_uuid\": \"uuid-1\", \"ready\": \"ready\"}}" >"$WORLD/virtio-one.label"
  step
  expect_status 0
  value DISKS "$ONE uuid-12"
  expect_fault "$ONE: must be empty, holds ceph_bluestore; save what is on it, then list virtio-one under storage.wipe, which erases it"
}

@test "takes this machine's own brick, mounted or not, and not another's" {
  LIBRARIES=(lib/scripts/disks.sh gluster/scripts/bricks.sh)
  stub wipefs '[[ "$*" == *TYPE,UUID* ]] && echo "xfs  uuid-1" || echo xfs'
  step
  expect_status 0
  use virtio-one '{"name": "vdb", "type": "disk", "mountpoints": ["/srv/gluster"]}'
  step
  expect_status 0
  value DISKS "$ONE uuid-12"
  expect_fault "$ONE: must not be in use, is in use by /srv/gluster; name another, or save what is on it and take it out of use"
}

@test "knows an OSD that is ready here without a look at its label, and bears that its disk has failed" {
  local osd=$FILES_ROOT/var/lib/ceph/osd/ceph-3
  mkdir -p "$osd"
  echo uuid-1 >"$osd/fsid"
  touch "$osd/ready"
  echo ceph_bluestore >"$WORLD/virtio-one.types"
  step
  expect_status 0
  rm "$FILES_ROOT$ONE" "$WORLD/virtio-one.place"
  step
  expect_status 0
  refuse_call '^ceph-bluestore-tool'
}
