#!/usr/bin/env bash
# Starts WordPress: gives shared storage the content that comes with the image, has the database hold WordPress's tables,
# and serves. Runs as www-data; settings.php tells what it reads.
set -euo pipefail

BUNDLED=/usr/src/wordpress/wp-content
CONTENT=/var/www/html/wp-content

# Its index.php comes last, and says that all is there: from then on the content is its users' own.
copy_content() {
  [[ ! -e "$CONTENT/index.php" ]] || return 0
  exec 9>>"$CONTENT/.lock"
  flock 9
  if [[ ! -e "$CONTENT/index.php" ]]; then
    echo "copying themes and plugins to $CONTENT"
    cp --recursive "$BUNDLED"/*/ "$CONTENT"
    sync --file-system "$CONTENT"
    cp "$BUNDLED/index.php" "$CONTENT/.index.php"
    mv "$CONTENT/.index.php" "$CONTENT/index.php"
  fi
  exec 9>&-
}

main() {
  # A process of its own takes signals while another is waited for.
  trap 'exit 143' TERM WINCH
  copy_content
  php /usr/local/lib/wordpress/install.php &
  wait $!
  exec apache2 -D FOREGROUND
}

main "$@"
