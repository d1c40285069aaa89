#!/usr/bin/env bash
# Prints every bash file of the checkout, one a line: by its ending, or by its first line where it has none.
# Reads nothing. A second run prints the same: nothing is changed.
set -euo pipefail

list_shell_files() {
  local files file line
  files=$(git ls-files -co --exclude-standard)
  while IFS= read -r file; do
    [[ -f "$file" ]] || continue
    case "${file##*/}" in
      *.sh) echo "$file" ;;
      ?*.*) ;;
      *)
        line=""
        IFS= read -r line 2>/dev/null <"$file" || true
        if [[ "$line" == '#!'*bash* ]]; then
          echo "$file"
        fi
        ;;
    esac
  done <<<"$files"
}

main() {
  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  list_shell_files
}

main "$@"
