#!/usr/bin/env bash
# Runs as root in the image's root, once its packages and files are there.
#
# What the distribution starts HAProxy with is of no use in a container.
set -euo pipefail

main() {
  rm -f /etc/haproxy/haproxy.cfg
}

main "$@"
