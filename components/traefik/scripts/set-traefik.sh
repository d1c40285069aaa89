#!/usr/bin/env bash
# What Traefik takes over while it runs, on one manager.
#
# Reads: CONF          where its text belongs; Traefik watches that folder
#        DYNAMIC_CONF  the text
#
# The folder may hold more files, which are left alone. A text that is right stays, so a second run changes nothing. With
# `delete`, takes the text away. Follows step.sh.
set -euo pipefail

main() {
  : "${CONF:?}" "${DYNAMIC_CONF:?}"
  if [[ "$STEP_VERB" == delete ]]; then
    rm -f "$ROOT$CONF"
    return
  fi
  install_text "$CONF" 644 "$DYNAMIC_CONF"
  # Traefik sees it by itself.
  settle "$CONF"
}

main "$@" </dev/null
