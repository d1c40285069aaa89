#!/usr/bin/env bash
# Whether the server answers and InnoDB works: what the official image's script of this name finds by --connect and
# --innodb_initialized, which it takes and needs not.
set -euo pipefail

main() {
  local answer
  answer=$(mariadb --user=mysql --batch --skip-column-names --execute \
    "SELECT COUNT(*) FROM information_schema.ENGINES WHERE ENGINE = 'InnoDB' AND SUPPORT IN ('YES', 'DEFAULT')")
  [[ "$answer" == 1 ]]
}

main "$@"
