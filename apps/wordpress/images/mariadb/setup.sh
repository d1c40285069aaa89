#!/usr/bin/env bash
# Runs as root in the image's root, once its packages and files are there.
#
# The user has the number that it has in the official image, so that either can work on the same files.
set -euo pipefail

main() {
  groupadd --system --gid 999 mysql
  useradd --system --uid 999 --gid mysql --no-create-home --home-dir /var/lib/mysql --shell /usr/sbin/nologin mysql
  install -d -o mysql -g mysql /var/lib/mysql
}

main "$@"
