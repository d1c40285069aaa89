#!/usr/bin/env bats
# Ceph's daemons of a machine. A disk is a file under WORLD: <name>.label is its OSD's label, <name>.types what else is on it.

# shellcheck disable=SC2016,SC2034 # a stub's text is for the stub; the helper reads LIBRARIES
KEY=not-for-the-eyes-of-others
ONE=/dev/disk/by-id/virtio-one
TWO=/dev/disk/by-id/virtio-two
OSD=/var/lib/ceph/osd/ceph-0

setup() {
  load helper
  LIBRARIES=(lib/scripts/disks.sh ceph/scripts/{osds,monitors,register-osd}.sh)
  export FILES_ROOT=$BATS_TEST_TMPDIR/root WORLD=$BATS_TEST_TMPDIR/world
  mkdir -p "$FILES_ROOT/etc/ceph" "$WORLD"
  echo "$KEY" >"$FILES_ROOT/etc/ceph/osd.key"
  make_disks "$ONE" "$TWO"
  stub hostname 'echo node1'
  stub chown
  stub dd
  stub install '
words=()
while (($#)); do
  case $1 in -[og]) shift 2 ;; *) words+=("$1"); shift ;; esac
done
PATH=${PATH#"$BIN:"}
exec install "${words[@]}"'
  stub systemctl '
unit=$WORLD/${!#}
case $1 in
  show) cat "$unit.enabled" "$unit.active" 2>/dev/null; true ;;
  is-active) grep -qx ActiveState=active "$unit.active" 2>/dev/null ;;
  enable) echo UnitFileState=enabled >"$unit.enabled" ;;
  disable) rm -f "$unit.enabled" "$unit.active" ;;
  reset-failed) rm -f "$unit.active" ;;
  start) ! grep -qx ActiveState=failed "$unit.active" 2>/dev/null && echo ActiveState=active >"$unit.active" ;;
esac'
  stub lsblk 'cat "$WORLD/${!###*/}.lsblk" 2>/dev/null || echo "{\"blockdevices\": []}"'
  stub wipefs '
disk=$WORLD/${!###*/}
case $* in
  *--output*) cat "$disk.types" 2>/dev/null; true ;;
  "--all --quiet "*) rm -f "$disk.types" "$disk.label" ;;
esac'
  stub ceph-bluestore-tool '
disk=$WORLD/${3##*/}
[[ -e "$disk.label" ]] || { echo "unable to read label for $3: (2) No such file or directory" >&2; exit 1; }
case $1 in
  show-label) echo "{\"$3\": $(cat "$disk.label")}" ;;
  prime-osd-dir)
    jq -r .osd_uuid "$disk.label" >"$5/fsid"
    echo ready >"$5/ready" ;;
esac'
  # The monitors are a module in the place of `rados`: HAS is what they know, as JSON.
  stub python3 'PATH=${PATH#"$BIN:"}; exec python3 "$@"'
  export HAS=$WORLD/has REFUSES="" PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$BATS_TEST_TMPDIR/python
  mkdir "$PYTHONPATH"
  echo '{"osds": [], "hosts": {}, "states": ["active+clean", "active+undersized"]}' >"$HAS"
  cat >"$PYTHONPATH/rados.py" <<'PYTHON'
import json, os

class Error(Exception):
    pass

class Rados:
    def __init__(self, conffile, rados_id, conf):
        assert (conffile, rados_id) == ("/etc/ceph/ceph.conf", "admin")

    def connect(self):
        pass

    def mon_command(self, command, stdin):
        words = json.loads(command)
        prefix, _ = words.pop("prefix"), words.pop("format")
        if prefix == os.environ["REFUSES"]:
            return -17, b"", "entity osd.0 exists but key does not match"
        with open(os.environ["HAS"]) as file:
            has = json.load(file)
        out = self.obey(has, prefix, words, stdin.decode())
        with open(os.environ["HAS"], "w") as file:
            json.dump(has, file)
        return 0, json.dumps(out).encode(), ""

    def obey(self, has, prefix, words, stdin):
        osds = has["osds"]
        if prefix == "osd dump":
            return {"osds": osds}
        if prefix == "osd tree":
            return {"nodes": [{"type": "host", "name": name, "children": ids} for name, ids in has["hosts"].items()] + [{"type": "osd", "name": "osd.0"}]}
        if prefix == "status":
            return {"pgmap": {"pgs_by_state": [{"state_name": state} for state in has["states"]]}}
        with open(os.environ["CALLS"], "a") as calls:
            print("monitors:", prefix, *(f"{name}={value}" for name, value in words.items()), file=calls)
        if prefix == "osd purge-actual":
            osds[:] = [osd for osd in osds if osd["osd"] != words["id"]]
        elif prefix == "osd destroy-actual":
            osds[:] = [{**osd, "uuid": ""} if osd["osd"] == words["id"] else osd for osd in osds]
        elif prefix == "osd new":
            with open(os.environ["WORLD"] + "/said", "a") as said:
                said.write(stdin)
            known = [osd["osd"] for osd in osds if osd["uuid"] == words["uuid"]]
            number = words.get("id", known[0] if known else min(set(range(9)) - {osd["osd"] for osd in osds}))
            osds[:] = [osd for osd in osds if osd["osd"] != number]
            osds.append({"osd": number, "uuid": words["uuid"], "up": 0, "up_from": 0})
            return {"osdid": number}
PYTHON
  stub ceph-osd '
folder=$FILES_ROOT/var/lib/ceph/osd/ceph-$3
PATH=${PATH#"$BIN:"}
disk=$WORLD/$(basename "$(readlink "$folder/block")")
[[ -s "$folder/keyring" && ! -e "$disk.types" ]] || exit 1
echo "$5" >"$folder/fsid"
echo ceph_bluestore >"$disk.types"
end=", \"mkfs_done\": \"yes\", \"ready\": \"ready\""
[[ ! -e "$WORLD/power-cut" ]] || end=
echo "{\"osd_uuid\": \"$5\"$end}" >"$disk.label"
[[ -n "$end" ]]'
  value DISKS "$ONE uuid-1"
  value WIPE ""
}

step() {
  run_step ceph/scripts/set-daemons.sh "$@"
}

# hold DISK UUID [finished]  as if an OSD was on the disk
hold() {
  echo ceph_bluestore >"$WORLD/${1##*/}.types"
  echo "{\"osd_uuid\": \"$2\"${3:+, \"mkfs_done\": \"yes\", \"ready\": \"ready\"}}" >"$WORLD/${1##*/}.label"
}

# lose DISK UUID NUMBER  as if that OSD had run, and its disk had failed: an empty one is there
lose() {
  step
  expect_status 0
  rm -f "$WORLD/${1##*/}.types" "$WORLD/${1##*/}.label"
  echo ActiveState=failed >"$WORLD/ceph-osd@$3.active"
  jq ".osds[0] += {up_from: 7} | .hosts.node1 = [$3]" "$HAS" >"$HAS.new"
  mv "$HAS.new" "$HAS"
  : >"$CALLS"
}

# state  everything that the step may change
state() {
  snapshot "$FILES_ROOT"
  snapshot "$WORLD"
}

# calls PATTERN  those that the extended regular expression finds, without the root of the files
calls() {
  grep -E -- "$1" "$CALLS" | sed "s|$FILES_ROOT||g"
}

CHANGES='--all|^dd|^ceph-osd|^monitors|prime|^chown|^install|^systemctl (start|enable|restart)'

@test "makes an OSD on an empty disk, and starts every daemon" {
  step
  expect_status 0
  [[ "$output" == "changed $OSD" ]]
  diff "$FILES_ROOT$OSD/keyring" - <<<$'[osd.0]\n\tkey = '$KEY
  [[ "$(stat -c %a "$FILES_ROOT$OSD" "$FILES_ROOT$OSD/keyring")" == $'750\n600' ]]
  [[ "$(PATH=${PATH#"$BIN:"} readlink "$FILES_ROOT$OSD/block")" == "$ONE" ]]
  calls "$CHANGES" | diff - /dev/fd/3 3<<TEXT
monitors: osd new uuid=uuid-1
install -d -o ceph -g ceph -m 750 $OSD
install -o ceph -g ceph -m 600 /dev/stdin $OSD/keyring
chown ceph:ceph $ONE
ceph-osd --mkfs -i 0 --osd-uuid uuid-1 --osd-objectstore bluestore --setuser ceph --setgroup ceph
systemctl enable --quiet ceph-osd@0
systemctl start ceph-osd@0
systemctl enable --quiet ceph-mgr@node1
systemctl start ceph-mgr@node1
systemctl enable --quiet ceph-mds@node1
systemctl start ceph-mds@node1
TEXT
}

@test "hands the key to the monitors by stdin, and shows it on no command line" {
  local program
  for program in cat printf tee; do
    stub "$program" 'PATH=${PATH#"$BIN:"}; exec "${0##*/}" "$@"'
  done
  step
  expect_status 0
  [[ "$(cat "$WORLD/said")" == "{\"cephx_secret\": \"$KEY\"}" ]]
  refuse_call "$KEY"
  [[ "$output" != *"$KEY"* ]]
}

@test "changes nothing and starts nothing in a second run" {
  step
  before=$(state)
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(state)" == "$before" ]]
  refuse_call "$CHANGES"
}

@test "makes an OSD on each disk, and leaves the one alone that is there" {
  step
  : >"$CALLS"
  value DISKS "$ONE uuid-1"$'\n'"$TWO uuid-2"
  step
  expect_status 0
  [[ "$output" == "changed ${OSD%0}1" ]]
  calls '^ceph-osd|^systemctl start' | diff - /dev/fd/3 3<<'TEXT'
ceph-osd --mkfs -i 1 --osd-uuid uuid-2 --osd-objectstore bluestore --setuser ceph --setgroup ceph
systemctl start ceph-osd@1
TEXT
}

@test "starts a daemon again that somebody stopped, and asks only which OSD is on the disk" {
  step
  rm "$WORLD/ceph-osd@0.active" "$WORLD/ceph-mds@node1.enabled"
  : >"$CALLS"
  step
  expect_status 0
  [[ "$(calls "$CHANGES|bluestore|wipefs")" == "ceph-bluestore-tool show-label --dev $ONE"$'\nsystemctl start ceph-osd@0\nsystemctl enable --quiet ceph-mds@node1' ]]
}

@test "refuses a disk with a signature, and changes nothing on it" {
  printf 'gpt\nPMBR\ngpt\n' >"$WORLD/virtio-one.types"
  value WIPE "virtio-one-more virtio-two"
  before=$(state)
  LC_ALL=C step
  expect_status 1
  [[ "$output" == "node1: $ONE: must be empty, holds PMBR gpt; save what is on it, then list virtio-one under storage.wipe, which erases it" ]]
  [[ "$(state)" == "$before" ]]
  refuse_call "$CHANGES"
}

@test "refuses a disk that is in use, even where it is listed" {
  echo '{"blockdevices": [{"name": "vdb", "type": "disk", "mountpoints": ["/srv"]}]}' >"$WORLD/virtio-one.lsblk"
  value WIPE virtio-one
  step
  expect_status 1
  expect_text "node1: $ONE: must not be in use, is in use by /srv; name another"
  refuse_call "$CHANGES"
}

@test "refuses the OSD of another uuid, finished or not" {
  local finished
  for finished in finished ""; do
    hold "$ONE" uuid-other "$finished"
    step
    expect_status 1
    expect_text "node1: $ONE: must be empty, holds ceph_bluestore; save"
    refuse_call "$CHANGES"
  done
}

@test "wipes a disk that is listed, and makes the OSD" {
  hold "$ONE" uuid-other finished
  value WIPE "virtio-two virtio-one"
  step
  expect_status 0
  [[ "$output" == "wiping $ONE, which holds ceph_bluestore"$'\n'"changed $OSD" ]]
  calls '--all|^dd|^ceph-osd' | diff - /dev/fd/3 3<<TEXT
wipefs --all --quiet $ONE
dd if=/dev/zero of=$ONE bs=1M count=16 conv=fsync status=none
ceph-osd --mkfs -i 0 --osd-uuid uuid-1 --osd-objectstore bluestore --setuser ceph --setgroup ceph
TEXT
  : >"$CALLS"
  step
  refuse_call "$CHANGES"
}

@test "takes over its own OSD that is finished, and does not make it anew, even where its disk is listed" {
  hold "$ONE" uuid-1 finished
  value WIPE virtio-one
  step
  expect_status 0
  [[ "$output" == "changed $OSD" ]]
  expect_call "ceph-bluestore-tool prime-osd-dir --dev $ONE --path $FILES_ROOT$OSD --no-mon-config"
  expect_call "chown -R ceph:ceph $FILES_ROOT$OSD"
  expect_call "systemctl start ceph-osd@0"
  diff "$FILES_ROOT$OSD/keyring" - <<<$'[osd.0]\n\tkey = '$KEY
  refuse_call '--all|^dd|^ceph-osd'
}

@test "begins its own OSD again that was begun and not ended" {
  touch "$WORLD/power-cut"
  step
  expect_status 1
  [[ "$output" == "" ]]
  refuse_call '^systemctl'
  rm "$WORLD/power-cut"
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "changed $OSD" ]]
  [[ "$(calls '--all|^ceph-osd|prime')" == "wipefs --all --quiet $ONE"$'\n'"ceph-osd --mkfs -i 0 "* ]]
}

@test "names a disk that the machine does not have, and those that it has" {
  value DISKS "/dev/disk/by-id/virtio-none uuid-1"
  step
  expect_status 1
  [[ "$output" == "node1: /dev/disk/by-id/virtio-none: must be a disk of this machine; there are: virtio-one virtio-two" ]]
  refuse_call "$CHANGES"
}

@test "makes nothing ready where the monitors do not take the OSD" {
  REFUSES="osd new" step
  [[ "$status" -ne 0 ]]
  expect_text "key does not match"
  refuse_call '^ceph-osd|^systemctl (start|enable)|^chown'
}

@test "makes the OSD anew on an empty disk in the place of the one that failed" {
  lose "$ONE" uuid-1 0
  step
  expect_status 0
  [[ "$output" == "changed $OSD" ]]
  calls '^monitors|^ceph-osd|^systemctl (start|reset|enable)' | diff - /dev/fd/3 3<<'TEXT'
monitors: osd destroy-actual id=0 yes_i_really_mean_it=True
monitors: osd new uuid=uuid-1 id=0
ceph-osd --mkfs -i 0 --osd-uuid uuid-1 --osd-objectstore bluestore --setuser ceph --setgroup ceph
systemctl reset-failed ceph-osd@0
systemctl start ceph-osd@0
TEXT
  : >"$CALLS"
  step
  refuse_call "$CHANGES"
}

@test "takes no disk that holds something for the one that failed, even where it is listed" {
  value WIPE virtio-one
  lose "$ONE" uuid-1 0
  hold "$ONE" uuid-other finished
  before=$(state)
  step
  expect_status 1
  [[ "$output" == "node1: $ONE: must be empty to take the place of the disk of OSD 0, holds ceph_bluestore; save what is on it, then erase it: wipefs --all $ONE" ]]
  [[ "$(state)" == "$before" ]]
  refuse_call "$CHANGES"
}

@test "only starts an OSD that failed while its disk is there" {
  step
  echo ActiveState=failed >"$WORLD/ceph-osd@0.active"
  : >"$CALLS"
  step
  expect_status 0
  [[ "$(calls "$CHANGES|reset")" == $'systemctl reset-failed ceph-osd@0\nsystemctl start ceph-osd@0' ]]
}

@test "forgets no OSD while data may depend on it" {
  lose "$ONE" uuid-1 0
  jq '.states += ["undersized+degraded+peered"]' "$HAS" >"$HAS.new"
  mv "$HAS.new" "$HAS"
  step
  expect_status 1
  expect_text "node1: an OSD must not be replaced while data may depend on it: Ceph has placement groups that are undersized+degraded+peered; bring back"
  refuse_call "$CHANGES"
}

@test "has the monitors forget OSDs of an earlier life that are down, and no others" {
  cat >"$HAS" <<'JSON'
{"osds": [{"osd": 0, "uuid": "old", "up": 0, "up_from": 7}, {"osd": 1, "uuid": "elsewhere", "up": 0, "up_from": 7},
  {"osd": 2, "uuid": "running", "up": 1, "up_from": 7}], "hosts": {"node1": [0, 2], "node2": [1]}, "states": ["active+clean"]}
JSON
  step
  expect_status 0
  [[ "$(calls '^monitors')" == $'monitors: osd purge-actual id=0 yes_i_really_mean_it=True\nmonitors: osd new uuid=uuid-1' ]]
}

@test "takes away what is left of an OSD whose disk is no longer the machine's, unless it runs" {
  value DISKS "$ONE uuid-1"$'\n'"$TWO uuid-2"
  step
  value DISKS "$ONE uuid-1"
  : >"$CALLS"
  step
  refuse_call "$CHANGES|disable"
  rm "$WORLD/ceph-osd@1.active"
  step check
  [[ "$output" == "${OSD%0}1 is of a disk that is no longer this machine's" ]]
  step
  expect_status 0
  expect_call "systemctl disable --quiet --now ceph-osd@1"
  [[ -e "$FILES_ROOT$OSD/ready" && ! -e "$FILES_ROOT${OSD%0}1" ]]
}

@test "says in a check what it would change, and changes nothing" {
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$ONE holds no OSD yet
ceph-mgr@node1 does not start at boot
ceph-mgr@node1 does not run
ceph-mds@node1 does not start at boot
ceph-mds@node1 does not run
TEXT
  refuse_call "$CHANGES"
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  rm "$WORLD/ceph-osd@0.active"
  hold "$TWO" uuid-2 finished
  value DISKS "$ONE uuid-1"$'\n'"$TWO uuid-2"
  before=$(state)
  : >"$CALLS"
  step check
  expect_status 0
  [[ "$output" == "ceph-osd@0 does not run"$'\n'"$TWO holds no OSD yet" ]]
  [[ "$(state)" == "$before" ]]
  refuse_call "$CHANGES"
}

@test "names a value that is missing" {
  expect_missing_named ceph/scripts/set-daemons.sh DISKS
}
