#!/usr/bin/env bash
# The first thing that is ever asked of a machine: waits until its first boot has finished, and checks that it is the
# machine that was meant, with what the layers above need.
#
# Reads: NAME     host name that the machine must have
#        ADDRESS  private IPv4 address that it must have
#
# Changes nothing. With `check`, does not wait.
set -euo pipefail

wait_for_first_boot() {
  if command -v cloud-init >/dev/null && ! timeout 600 cloud-init status --wait >/dev/null; then
    # Exit code 2 is "done, with recoverable errors".
    [[ "$(cloud-init status 2>/dev/null)" == *"status: done"* ]] || fail "cloud-init did not finish: $(cloud-init status --long)"
  fi
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
  local missing=() program
  for program in curl jq docker chronyd nft iptables sshd systemctl; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [[ ${#missing[@]} -eq 0 ]] || fail "programs missing: ${missing[*]}; install Debian's curl, jq, docker.io, chrony, nftables, iptables and openssh-server"
}

main() {
  : "${NAME:?}" "${ADDRESS:?}"
  [[ "${1:-}" == check ]] || wait_for_first_boot
  check_identity
  check_programs
  [[ "${1:-}" == check ]] || echo "$NAME answers"
}

main "$@" </dev/null
