#!/usr/bin/env bash
# One machine's Ceph monitor: founds the cluster together with the others, or joins the one that is there.
#
# Reads: NAME  the machine
#        FSID  id of the cluster
#        MAP   the monitors, a line `<name> <address>` each
#
# A monitor without a memory takes part in a vote like any other, and two of them would found a second, empty cluster while
# the third, which has the data, is away. So one is made only where the others have a quorum to learn from, or where none
# has ever been in one. Follows visit.sh.
set -euo pipefail

fail() {
  echo "$NAME: $1" >&2
  exit 1
}

# Prints what a machine's monitor is: none, stopped, new (never in a quorum), alone (cut off from its quorum) or quorum.
# shellcheck disable=SC2016 # expanded on the machine
LOOK='
dir=/var/lib/ceph/mon/ceph-$(hostname)
[[ -e $dir/done ]] || { echo none; exit; }
said=$(timeout 20 ceph --admin-daemon "/run/ceph/ceph-mon.$(hostname).asok" mon_status 2>/dev/null) || { echo stopped; exit; }
jq -r "if (.quorum | length) > 0 then \"quorum\" elif .monmap.epoch == 0 then \"new\" else \"alone\" end" <<<"$said"
'

look_at() {
  on_machine "$1" <<<"$LOOK" || echo silent
}

# Whether a monitor may be made here, by what the others are.
check_others() {
  local other state known=""
  while read -r other _; do
    [[ "$other" != "$NAME" ]] || continue
    state=$(look_at "$other")
    case $state in
      quorum) return 0 ;;
      none | new) ;;
      *) known+=" $other ($state)" ;;
    esac
  done <<<"$MAP"
  [[ -z "$known" ]] ||
    fail "its monitor has no memory, and the others have no quorum that it could learn from:$known; bring them back first, then run this again"
}

# shellcheck disable=SC2016 # expanded on the machine
FOUND='
set -euo pipefail
name=$(hostname)
dir=/var/lib/ceph/mon/ceph-$name
words=()
while read -r monitor address; do
  words+=(--addv "$monitor" "[v2:$address:3300,v1:$address:6789]")
done <<<"$MAP"
map=$(mktemp)
trap "rm -f $map" EXIT
monmaptool --create --clobber --fsid "$FSID" "${words[@]}" --set-min-mon-release reef "$map" >/dev/null
chown ceph "$map"
# What an interrupted run has left.
rm -rf "$dir"
install -d -o ceph -g ceph -m 750 "$dir"
ceph-mon --mkfs -i "$name" --monmap "$map" --keyring /etc/ceph/founders.keyring --setuser ceph --setgroup ceph
touch "$dir/done"
echo "changed $dir"
'

# shellcheck disable=SC2016 # expanded on the machine
START='
set -euo pipefail
unit=ceph-mon@$(hostname)
systemctl is-enabled --quiet "$unit" || systemctl enable --quiet "$unit" ceph.target ceph-mon.target
systemctl is-active --quiet "$unit" || { systemctl reset-failed "$unit" 2>/dev/null || true; systemctl start "$unit"; }
for _ in {1..60}; do
  [[ ! -S "/run/ceph/ceph-mon.$(hostname).asok" ]] || exit 0
  sleep 1
done
echo "$(hostname): its monitor does not run; see: journalctl -u $unit -n 30" >&2
exit 1
'

main() {
  : "${NAME:?}" "${FSID:?}" "${MAP:?}"
  local state
  state=$(look_at "$NAME")
  if [[ "$state" == none ]]; then
    check_others
    on_machine "$NAME" < <(printf 'FSID=%q\nMAP=%q\n%s' "$FSID" "$MAP" "$FOUND")
  fi
  [[ "$state" != silent ]] || fail "does not answer"
  on_machine "$NAME" <<<"$START"
}

main "$@" </dev/null
