#!/usr/bin/env bash
# Lives on every machine as /usr/local/lib/swarmstead/load-firewall. Loads the firewall's table, and remembers what the
# kernel made of it, so that a rule that somebody adds or takes away by hand is seen.
#
# With `check`, is false where the kernel's table is not the one that was loaded. FILES_ROOT moves every file elsewhere for
# tests.
set -euo pipefail

ROOT=${FILES_ROOT:-}
LOADED=$ROOT/run/swarmstead/firewall.loaded

list_table() {
  nft --stateless list table inet swarmstead 2>/dev/null | sha256sum
}

main() {
  if [[ "${1:-}" == check ]]; then
    [[ "$(list_table)" == "$(cat "$LOADED" 2>/dev/null)" ]]
    return
  fi
  nft -f "$ROOT/etc/swarmstead/firewall.nft"
  mkdir -p "$(dirname "$LOADED")"
  list_table >"$LOADED"
}

main "$@" </dev/null
