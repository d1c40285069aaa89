#!/usr/bin/env bash
# What a Ceph cluster has beside its daemons: who may do what, settings, pools, the file system.
#
# Reads: PLAN             JSON: {entities?, config?, pools?, fileSystems?}
#        TIMEOUT_SECONDS  how long the monitors may take to have a quorum
#
# Compares before it says anything to the monitors, so a second run changes nothing. One interpreter for all questions, as
# its start costs seconds where a processor is emulated. Follows step.sh and monitors.sh.
set -euo pipefail

# shellcheck disable=SC2016 # Python
PROGRAM='
plan = json.load(sys.stdin)
check, limit = sys.argv[1] == "check", int(sys.argv[2])
connect(10 if check else limit)


def mend(what, prefix, stdin=b"", **words):
    if check:
        print(what)
    else:
        ask(prefix, stdin, **words)
        print(f"changed: {what}")


def keyring(name, key, caps):
    return "".join([f"[{name}]\n\tkey = {key}\n", *(f"\tcaps {who} = \"{cap}\"\n" for who, cap in caps.items())])


known = {entity["entity"]: entity for entity in ask("auth ls")["auth_dump"]}
for name, wanted in plan.get("entities", {}).items():
    now = known.get(name)
    if now is None or now["key"] != wanted["key"] or now["caps"] != wanted["caps"]:
        mend(f"Ceph does not know {name} as it should", "auth import", keyring(name, **wanted).encode())

def same(one, other):
    # Numbers are kept with six decimals.
    try:
        return float(one) == float(other)
    except (TypeError, ValueError):
        return one == other


database = {(entry["section"], entry["name"]): entry["value"] for entry in ask("config dump")}
for who, name, value in plan.get("config", []):
    if not same(database.get((who, name)), value):
        mend(f"Ceph setting {name} is not as it should be", "config set", who=who, name=name, value=value)

pools = ask("osd pool ls")
for name, groups in plan.get("pools", {}).items():
    if name not in pools:
        mend(f"Ceph has no pool {name}", "osd pool create", pool=name, pg_num=groups, pgp_num=groups)

systems = [system["name"] for system in ask("fs ls")]
for name, words in plan.get("fileSystems", {}).items():
    if name not in systems:
        mend(f"Ceph has no file system {name}", "fs new", fs_name=name, **words)
'

main() {
  : "${PLAN:?}" "${TIMEOUT_SECONDS:?}"
  python3 -c "$MONITORS$PROGRAM" "$STEP_VERB" "$TIMEOUT_SECONDS" <<<"$PLAN"
}

main "$@" </dev/null
