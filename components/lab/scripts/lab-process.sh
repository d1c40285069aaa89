#!/usr/bin/env bash
# The lab's way with processes: the first part of the text that acts on a lab; lab-network.sh and lab-vm.sh follow it.
#
# Reads: SWARMSTEAD_STATE  folder of the stack; the lab is in its subfolder lab
#
# In that folder: bin (qemu-system-x86_64 and qemu-img), accelerator, image and network.env, which the launcher writes.
# A process of the lab is known by a pid file and a mark in its command line, so that no other is ever taken for it.
set -euo pipefail

fail() {
  echo "lab: $1" >&2
  exit 1
}

# Goes to the lab's folder and reads its settings; false where there is no lab (any more).
enter_lab() {
  umask 077
  # What is started here outlives the launcher's run, which ends all that has this in its environment.
  unset SWARMSTEAD_RUN
  cd "${SWARMSTEAD_STATE:?}/lab" 2>/dev/null || return 1
  [[ -e network.env ]] || return 1
  # shellcheck source=/dev/null
  source network.env
  : "${LAB_ID:?}" "${GATEWAY:?}" "${OUTSIDE_BOTH:?}"
}

# Prints the process of a pid file where it still is what the mark says.
running_pid() {
  local file=$1 mark=$2 pid
  pid=$(cat "$file" 2>/dev/null) || return 1
  [[ "$pid" =~ ^[0-9]+$ && "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" == *"$mark "* ]] || return 1
  echo "$pid"
} 2>/dev/null

# Starts a process that outlives the one that started it: a session of its own, no open stdio but a log.
start_detached() {
  local pid_file=$1 log=$2
  shift 2
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid --fork bash -c 'echo $$ >"$1"; shift; exec "$@"' start "$pid_file" "$@" </dev/null >"$log" 2>&1 8>&- 9>&-
}

# A process's socket is there once the process is ready; it may also have ended.
wait_for_socket() {
  local socket=$1 pid_file=$2 mark=$3
  for _ in $(seq 200); do
    [[ ! -S "$socket" ]] || return 0
    sleep 0.1
    running_pid "$pid_file" "$mark" >/dev/null || [[ ! -s "$pid_file" ]] || return 1
  done
  return 1
}

# Says commands to a monitor, a line each, and prints the answers.
tell_monitor() {
  local socket=$1
  shift
  printf '%s\n' "$@" | socat -t15 - "UNIX-CONNECT:$socket" 2>/dev/null | tr -d '\r' || true
}

# One that nobody has reaped yet has ended too: a container may have no init that does.
has_ended() {
  ! grep -qs '^State:.[^ZX]' "/proc/$1/status"
}

wait_for_end() {
  local seconds=$1 pid=$2
  for _ in $(seq "$((seconds * 10))"); do
    ! has_ended "$pid" || return 0
    sleep 0.1
  done
  return 1
}

# Ends a process at once, as a pulled plug would.
cut_process() {
  local pid_file=$1 mark=$2 pid
  if pid=$(running_pid "$pid_file" "$mark"); then
    kill -9 "$pid" 2>/dev/null || true
    wait_for_end 20 "$pid" || fail "process $pid does not end: $mark"
  fi
  rm -f "$pid_file"
}
