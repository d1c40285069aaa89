#!/usr/bin/env bash
# What `doctor` asks of a machine beside its Docker. Follows check-step.sh. Changes nothing.
#
# Every question that may hang has a limit, so that a sick machine still tells what it can.
set -uo pipefail

ASK_SECONDS=8

tell clock "$(date +%s.%N)"

tell_disks() {
  local target free used
  timeout "$ASK_SECONDS" df --output=target,avail,pcent --block-size=1M / /var/lib/docker 2>/dev/null | tail -n +2 | sort -u |
    while read -r target free used; do
      tell disk "$target" "$free" "${used%\%}"
    done
}

# A file system that found an error makes itself read-only; one that is full, or a disk that is gone, shows only in a write.
tell_writable() {
  local said
  # shellcheck disable=SC2016 # expanded by the shell that has the limit
  said=$(timeout "$ASK_SECONDS" bash -c 'file=$(mktemp -p /var/tmp swarmstead.XXXXXX) && echo x >"$file" && sync "$file" && rm "$file"' 2>&1) ||
    tell unwritable "${said##*: }"
}

tell_members() {
  local file
  for file in /etc/swarmstead/members/*; do
    [[ ! -f "$file" || "$file" == *.new ]] || tell member "${file##*/}" "$(cat "$file")"
  done
}

tell_disks
tell_writable
tell_members
