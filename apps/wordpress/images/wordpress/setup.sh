#!/usr/bin/env bash
# Runs as root in the image's root, once its packages and files are there.
#
# The code goes to where the official image has it, as plain files: Debian's package links parts of it to others. What
# users change, wp-content, is kept aside, to be copied to where it is mounted.
set -euo pipefail

DEBIAN=/usr/share/wordpress
CODE=/var/www/html
BUNDLED=/usr/src/wordpress/wp-content

main() {
  mkdir -p "$BUNDLED"
  cp --recursive "$DEBIAN"/wp-content/* "$BUNDLED"
  cp /var/lib/wordpress/wp-content/index.php "$BUNDLED"
  rm -r "$DEBIAN"/{wp-content,wp-config.php,wp-config-sample.php,readme.html,.htaccess}
  cp --recursive --dereference "$DEBIAN"/. "$CODE"
  install -d -o www-data -g www-data "$CODE/wp-content"
  rm -r "$DEBIAN" /var/lib/wordpress /etc/wordpress /usr/share/javascript /usr/share/php/getid3
  # For Apache's own tools, of which none is used.
  dpkg --purge --force-depends perl perl-modules-5.40 libperl5.40
}

main "$@"
