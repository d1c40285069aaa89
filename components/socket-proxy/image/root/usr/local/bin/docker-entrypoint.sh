#!/usr/bin/env bash
# Starts HAProxy as the official image does: `haproxy` and its arguments, in the foreground, under a master that heeds signals.
set -euo pipefail

main() {
  [[ "${1:-}" != haproxy ]] || shift
  exec haproxy -W -db "$@"
}

main "$@"
