#!/usr/bin/env bash
# Folders of the data layout, as the apps expect them.
#
# Reads: FOLDERS  a line `<path> <user>:<group> <mode>` each, an outer one before what is in it; user and group by name,
#                 or both by number where they are a container's
#
# Nothing is ever removed, nor changed inside of them. A second run changes nothing. Follows step.sh.
set -euo pipefail

main() {
  : "${FOLDERS:?}"
  local path owner mode format
  while read -r path owner mode; do
    format='%F %U:%G %a'
    [[ "$owner" == *[!0-9:]* ]] || format='%F %u:%g %a'
    [[ "$(stat -Lc "$format" "$ROOT$path" 2>/dev/null || true)" != "directory $owner $mode" ]] || continue
    to_mend "$path is not a folder of $owner with mode $mode" || continue
    install -d -o "${owner%:*}" -g "${owner#*:}" -m "$mode" "$ROOT$path"
    echo "changed $path"
  done <<<"$FOLDERS"
}

main "$@" </dev/null
