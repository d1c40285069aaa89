#!/usr/bin/env bash
# Put before the step that makes OSDs: how the monitors are told of one. Defines only functions, which follow
# monitors.sh.
set -euo pipefail

# shellcheck disable=SC2016 # Python
REGISTER='
host, uuid, is_new = sys.argv[1], sys.argv[2], sys.argv[3] == "new"
own = sys.argv[4].split()
connect(120)

osds = {osd["osd"]: osd for osd in ask("osd dump")["osds"]}
hosts = [node for node in ask("osd tree")["nodes"] if node["type"] == "host" and node["name"] == host]
# Of another disk or an earlier life of this machine; one that still runs is left alone.
gone = [osds[id] for node in hosts for id in node["children"] if osds[id]["uuid"] not in own and not osds[id]["up"]]
# What it had is lost with its disk. One that never ran has had nothing.
lost = [osd for osd in osds.values() if is_new and osd["uuid"] == uuid and osd["up_from"]]
if any(osd["up_from"] for osd in gone + lost):
    states = [group["state_name"] for group in ask("status")["pgmap"].get("pgs_by_state", [])]
    waiting = [state for state in states if not state.startswith("active")]
    if waiting:
        sys.exit(
            f"{host}: an OSD must not be replaced while data may depend on it: Ceph has placement groups that are {waiting[0]}; "
            "bring back the other machines and their disks first, then run this again"
        )
for osd in gone:
    ask("osd purge-actual", id=osd["osd"], yes_i_really_mean_it=True)
for osd in lost:
    ask("osd destroy-actual", id=osd["osd"], yes_i_really_mean_it=True)
# The same answer for the same uuid, which a destroyed one no longer has.
again = {"id": lost[0]["osd"]} if lost else {}
print(ask("osd new", sys.stdin.buffer.read(), uuid=uuid, **again)["osdid"])
'

# register_osd UUID new|known UUIDS  prints the number of the OSD of that uuid, and has the monitors forget those of this
# machine that are none of UUIDS and down. `new` where the disk is about to be made one
register_osd() {
  local key
  # The shell's own printf, as a program's words are there for all to see.
  key=$(<"$ROOT/etc/ceph/osd.key")
  printf '{"cephx_secret": "%s"}' "$key" | python3 -c "$MONITORS$REGISTER" "$(hostname)" "$1" "$2" "$3"
}
