#!/usr/bin/env bash
# The entry's address on one manager: keepalived, which may hold it, and its place in the order of boot and shutdown.
#
# Reads: CONF     text of keepalived's configuration; @interface@ in it stands for the interface that has ADDRESS
#        ADDRESS  the machine's private IPv4 address
#        CHECK    text of the program that says whether this machine may hold the address
#        CHECK_PROGRAM  where that lies
#        DROP_IN  text of the drop-in of keepalived's unit
#
# keepalived tries a text before that is put in its place, and takes it over by a reload, at which the holder keeps the
# address. A second run changes nothing. With `delete`, hands the address over and takes all away. Follows step.sh.
set -euo pipefail

CONF_FILE=/etc/keepalived/keepalived.conf
DROP_IN_FILE=/etc/systemd/system/keepalived.service.d/swarmstead.conf
UNIT=keepalived.service

fail() {
  echo "$(hostname): $1" >&2
  exit 1
}

# By the address and not by a name, which differs from machine to machine and may change with a new kernel.
find_interface() {
  local name addresses
  while read -r name _ addresses; do
    [[ " $addresses" != *" $ADDRESS/"* ]] || { echo "${name%@*}" && return; }
  done < <(ip -brief -4 address show)
  fail "no interface has the address $ADDRESS"
}

# Fails where keepalived would not run with TEXT, or only with a part of it.
try_conf() {
  local file=$ROOT$CONF_FILE said
  ! holds "$file" "$1" || return 0
  install -d "$(dirname "$file")"
  printf '%s' "$1" >"$file.wanted"
  if ! said=$(keepalived --config-test --use-file="$file.wanted" 2>&1); then
    rm "$file.wanted"
    fail "keepalived refuses its new configuration, the old one stays: $said"
  fi
  rm "$file.wanted"
}

undo() {
  # One that was uninstalled by hand holds no address.
  if [[ -n "$(systemctl show --property FragmentPath --value "$UNIT")" ]]; then
    systemctl disable --now --quiet "$UNIT"
  fi
  rm -rf "$ROOT$CONF_FILE" "$ROOT$CHECK_PROGRAM" "$ROOT$DROP_IN_FILE" "$ROOT/run/swarmstead/vip"
  settle "$CONF_FILE"
  settle "$DROP_IN_FILE"
  systemctl daemon-reload
}

apply() {
  local interface text changed
  interface=$(find_interface)
  text=${CONF//@interface@/$interface}
  # keepalived looks whether it is there.
  install_text "$CHECK_PROGRAM" 755 "$CHECK"
  settle "$CHECK_PROGRAM"
  [[ "$STEP_VERB" == check ]] || try_conf "$text"
  install_text "$CONF_FILE" 644 "$text"
  # shellcheck disable=SC2153 # set by install_text
  changed=$CHANGED
  install_text "$DROP_IN_FILE" 644 "$DROP_IN"
  if [[ "$CHANGED" == yes ]]; then
    systemctl daemon-reload
    settle "$DROP_IN_FILE"
  fi
  if [[ "$changed" == yes ]] && systemctl is-active --quiet "$UNIT"; then
    systemctl reload "$UNIT"
  fi
  ensure_unit "$UNIT"
  settle "$CONF_FILE"
}

main() {
  : "${CONF:?}" "${ADDRESS:?}" "${CHECK:?}" "${CHECK_PROGRAM:?}" "${DROP_IN:?}"
  if [[ "$STEP_VERB" == delete ]]; then undo; else apply; fi
}

main "$@" </dev/null
