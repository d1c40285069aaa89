#!/usr/bin/env bash
# The first thing that is ever asked of a machine: waits until its first boot has finished, and checks that it is the
# machine that was meant, with what the layers above need.
#
# Reads: NAME        host name that the machine must have
#        ADDRESS     private IPv4 address that it must have
#        PROGRAMS    what it needs beside the programs of every machine, a line `<program> <Debian package>` each
#        SERVERS     what it must reach, a line `<host> <TCP port>` each
#        MEMORY_MIB  memory that it must have for storage; 0 where any is enough
#        DISKS       disks that storage takes of it, a line `<device> <id>` each; may be empty
#        WIPE        names of disks under /dev/disk/by-id that may be erased whatever is on them, separated by spaces
#
# Where there are disks, a script before this one defines `is_ours DEVICE ID`: whether storage has taken that one already.
# Changes nothing. With `check`, does not wait, and asks no server and no disk. Follows step.sh and disks.sh. BOOT_SECONDS
# shortens the wait for tests.
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

# The same for what is no reason to look no further: at its end the step fails.
complain() {
  echo "$NAME: $1" >&2
  COMPLAINED=yes
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
      complain "storage.server: $host does not answer on TCP port $port; start its server, or let this machine's address in there"
  done <<<"$SERVERS"
}

check_memory() {
  local word kib
  ((MEMORY_MIB > 0)) || return 0
  while read -r word kib _; do
    [[ "$word" != MemTotal: ]] || break
  done <"$ROOT/proc/meminfo"
  # The kernel keeps up to 5 % of what a machine is given, and tells of the rest.
  ((kib / 1024 >= MEMORY_MIB * 95 / 100)) ||
    complain "memory: must be $MEMORY_MIB MiB for this machine's part of the storage and what runs beside it, has $((kib / 1024)); give it more, or lower storage.osdMemoryMiB"
}

check_disks() {
  local device id place
  local -A seen=()
  while read -r device id; do
    [[ -n "$device" ]] || continue
    judge_disk "$device"
    place=$(readlink -f "$ROOT$device") || place=$device
    [[ -z "${seen[$place]:-}" ]] || FAULT="must be a disk of its own, is the same as ${seen[$place]}; name it once"
    seen[$place]=$device
    [[ -z "$FAULT" ]] || is_ours "$device" "$id" || complain "$device: $FAULT"
  done <<<"$DISKS"
}

main() {
  : "${NAME:?}" "${ADDRESS:?}" "${PROGRAMS?}" "${SERVERS?}" "${MEMORY_MIB:?}" "${DISKS?}" "${WIPE?}"
  [[ "${1:-}" == check ]] || wait_for_first_boot
  check_programs
  [[ "${1:-}" == check ]] || check_first_boot
  check_identity
  [[ "${1:-}" != check ]] || return 0
  check_servers
  check_memory
  check_disks
  [[ -z "${COMPLAINED:-}" ]] || exit 1
  echo "$NAME answers"
}

main "$@" </dev/null
