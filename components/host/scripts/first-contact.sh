#!/usr/bin/env bash
# The first thing that is ever asked of a machine: waits until its first boot has finished, and checks that it is the
# machine that was meant, with what the layers above need.
#
# Reads: NAME      host name that the machine must have
#        ADDRESS   private IPv4 address that it must have
#        PROGRAMS  what it needs beside the programs of every machine, a line `<program> <Debian package>` each
#        SERVERS   what it must reach, a line `<host> <TCP port>` each
#
# Changes nothing. With `check`, does not wait, and asks no server. Follows step.sh. BOOT_SECONDS shortens the wait for tests.
set -euo pipefail

BOOT_SECONDS=${BOOT_SECONDS:-600}

# cloud-init's own word for its end is a file: `cloud-init status --wait` is Python, which starts for seconds where a
# processor is emulated (https://docs.cloud-init.io/en/25.1/explanation/return_codes.html).
wait_for_first_boot() {
  local run=$ROOT/run/cloud-init deadline=$((SECONDS + BOOT_SECONDS))
  [[ -e "$run/enabled" ]] || return 0
  until [[ -e "$run/result.json" ]]; do
    ((SECONDS < deadline)) || fail "cloud-init did not finish within $BOOT_SECONDS s; see: /var/log/cloud-init.log on it"
    sleep 1
  done
}

check_first_boot() {
  local result=$ROOT/run/cloud-init/result.json errors
  [[ -e "$result" ]] || return 0
  errors=$(jq --raw-output '.v1.errors | join("; ")' "$result")
  [[ -z "$errors" ]] || fail "cloud-init ended with errors: $errors"
}

fail() {
  echo "$NAME: $1" >&2
  exit 1
}

check_identity() {
  local addresses
  [[ "$(hostname)" == "$NAME" ]] || fail "host name: must be $NAME, got $(hostname); it is another machine or was renamed"
  # Not by a pipe: one that stops reading early makes the other fail.
  addresses=$(ip -brief -4 address show)
  grep -qwF "$ADDRESS" <<<"$addresses" || fail "address: must have $ADDRESS, has $(hostname -I)"
}

check_programs() {
  local missing=() program package packages="curl, jq, docker.io, chrony, nftables, iptables and openssh-server"
  for program in curl jq docker chronyd nft iptables sshd systemctl; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  while read -r program package; do
    [[ -n "$program" ]] || continue
    command -v "$program" >/dev/null || missing+=("$program")
    packages="$package, $packages"
  done <<<"$PROGRAMS"
  [[ ${#missing[@]} -eq 0 ]] || fail "programs missing: ${missing[*]}; install Debian's $packages"
}

check_servers() {
  local host port
  while read -r host port; do
    [[ -n "$host" ]] || continue
    # shellcheck disable=SC2016 # expanded by the shell that has the limit
    timeout 15 bash -c ': <>"/dev/tcp/$1/$2"' _ "$host" "$port" 2>/dev/null ||
      fail "storage.server: $host does not answer on TCP port $port; start its server, or let this machine's address in there"
  done <<<"$SERVERS"
}

main() {
  : "${NAME:?}" "${ADDRESS:?}" "${PROGRAMS?}" "${SERVERS?}"
  [[ "${1:-}" == check ]] || wait_for_first_boot
  check_programs
  [[ "${1:-}" == check ]] || check_first_boot
  check_identity
  [[ "${1:-}" == check ]] || check_servers
  [[ "${1:-}" == check ]] || echo "$NAME answers"
}

main "$@" </dev/null
