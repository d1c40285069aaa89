#!/usr/bin/env bash
# Lives on every manager as /usr/local/lib/swarmstead/check-entry. True where the machine may hold the entry's address: its
# Traefik takes requests, and it is not cut off from everybody else.
#
# Reads: PING_HOST PING_PORT PING_PATH  where Traefik says 200 as long as it takes requests
#        ANSWER_SECONDS  how long it may take to say so
#        PEERS           private addresses of the other managers, separated by spaces; without any, nothing can be cut off
#        SILENT_SECONDS  how long all others may be silent, with two decimals
#
# keepalived runs it all the time and goes by its exit code; what it prints is for people. So it is one process, as each costs
# tens of milliseconds where a processor is emulated, and waits for Traefik alone: pings run beside it, and leave behind who
# answered when. FILES_ROOT moves every file elsewhere for tests.
set -euo pipefail

ROOT=${FILES_ROOT:-}
STATE=$ROOT/run/swarmstead/vip
# How often the others are asked, in hundredths of a second.
ROUND=200

refuse() {
  echo "$1"
  exit 1
}

# Sets UPTIME, in hundredths of a second. Not the time of day, which may be set at any moment.
read_uptime() {
  local text
  read -r text _ <"$ROOT/proc/uptime"
  UPTIME=$((10#${text/./}))
}

# Prints the gateway of the default route. The kernel has it in hexadecimal, the last byte first.
find_gateway() {
  local destination gateway
  while read -r _ destination gateway _; do
    [[ "$destination" == 00000000 && "$gateway" != 00000000 ]] || continue
    printf '%d.%d.%d.%d\n' "0x${gateway:6:2}" "0x${gateway:4:2}" "0x${gateway:2:2}" "0x${gateway:0:2}"
    return
  done <"$ROOT/proc/net/route"
}

# Notes HOST and the time where it answers.
ask() {
  ping -n -q -c 1 -W 1 "$1" || return 1
  read_uptime
  echo "$UPTIME $1" >"$STATE/seen.$BASHPID"
  mv "$STATE/seen.$BASHPID" "$STATE/seen"
}

# look_around LAST  asks who answered last, and all at once where that one does not again
look_around() {
  local host
  if [[ -z "$1" ]] || ! ask "$1"; then
    for host in $PEERS $(find_gateway); do ask "$host" & done
    wait
  fi
}

# Where the cable leads nowhere, the machine hears no advert: it would hold the address beside the others' holder.
check_others() {
  local seen=0 last="" asked=0
  [[ -n "$PEERS" ]] || return 0
  read_uptime
  [[ -d "$STATE" ]] || mkdir -p "$STATE"
  read -r seen last 2>/dev/null <"$STATE/seen" || true
  read -r asked 2>/dev/null <"$STATE/asked" || true
  if ((UPTIME - ${asked:-0} >= ROUND)); then
    echo "$UPTIME" >"$STATE/asked"
    look_around "$last" </dev/null >/dev/null 2>&1 &
  fi
  ((UPTIME - ${seen:-0} <= 10#${SILENT_SECONDS/./})) || refuse "neither another manager nor the gateway answers a ping"
}

check_traefik() {
  local line=""
  {
    printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$PING_PATH" "$PING_HOST" >&3
    IFS= read -r -t "$ANSWER_SECONDS" line <&3 || true
  } 2>/dev/null 3<>"/dev/tcp/$PING_HOST/$PING_PORT" || refuse "nothing listens on Traefik's port $PING_PORT"
  line=${line%$'\r'}
  [[ -n "$line" ]] || refuse "Traefik does not answer within $ANSWER_SECONDS s"
  [[ "$line" == "HTTP/1."?" 200"* ]] || refuse "Traefik takes no requests: it says ${line#* }"
}

main() {
  : "${PING_HOST:?}" "${PING_PORT:?}" "${PING_PATH:?}" "${ANSWER_SECONDS:?}" "${PEERS?}" "${SILENT_SECONDS:?}"
  check_others
  check_traefik
}

main "$@" </dev/null
