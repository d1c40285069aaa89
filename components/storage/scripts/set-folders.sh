#!/usr/bin/env bash
# Folders of the data layout, as the apps expect them.
#
# Reads: FOLDERS  a line `<path> <user>:<group> <mode>` each, an outer one before what is in it
#
# Nothing is ever removed, nor changed inside of them. A second run changes nothing. Follows step.sh.
set -euo pipefail

main() {
  : "${FOLDERS:?}"
  local path owner mode
  while read -r path owner mode; do
    [[ "$(stat -Lc '%F %U:%G %a' "$ROOT$path" 2>/dev/null || true)" != "directory $owner $mode" ]] || continue
    to_mend "$path is not a folder of $owner with mode $mode" || continue
    install -d -o "${owner%:*}" -g "${owner#*:}" -m "$mode" "$ROOT$path"
    echo "changed $path"
  done <<<"$FOLDERS"
}

main "$@" </dev/null
