#!/usr/bin/env bash
# Ceph's keys on one machine: those that it needs.
#
# Reads: KEY_FILES  a line `<path> <owner> <base64 of the text>` each
#
# Every file belongs to its owner alone; one whose text is right is left alone, so a second run changes nothing. Follows
# step.sh.
set -euo pipefail

set_file() {
  local path=$1 owner=$2 text=$3
  umask 077
  install_text "$path" 600 "$text"
  # Its reader is started by another step.
  settle "$path"
  [[ -e "$ROOT$path" ]] || return 0
  [[ "$(stat -c %U "$ROOT$path" 2>/dev/null || true)" == "$owner" ]] ||
    ! to_mend "$path does not belong to $owner" ||
    chown "$owner:$owner" "$ROOT$path"
}

main() {
  : "${KEY_FILES:?}"
  local path owner base64 text
  while read -r path owner base64; do
    # The dot keeps the line's end, which a substitution would drop.
    text=$(base64 -d <<<"$base64" && echo .)
    set_file "$path" "$owner" "${text%.}"
  done <<<"$KEY_FILES"
}

main "$@" </dev/null
