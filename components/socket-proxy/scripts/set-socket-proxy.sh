#!/usr/bin/env bash
# What the socket proxy needs of one manager: its configuration, and the folder that its socket is in.
#
# Reads: CONF           where its configuration belongs
#        HAPROXY_CFG    text of it
#        SOCKET_FOLDER  the folder, which is made again at every boot
#        GROUP          number of the group that may look into it
#
# A container reads its configuration once, when it is made; whoever changes the text deploys a new one. What is right is
# left alone, so a second run changes nothing. With `delete`, takes both away. Follows step.sh.
set -euo pipefail

TMPFILES=/etc/tmpfiles.d/swarmstead-socket-proxy.conf

set_folder() {
  install_text "$TMPFILES" 644 "d $SOCKET_FOLDER 0750 root $GROUP -"$'\n'
  settle "$TMPFILES"
  [[ "$(stat -c '%a %g' "$ROOT$SOCKET_FOLDER" 2>/dev/null || true)" == "750 $GROUP" ]] ||
    ! to_mend "$SOCKET_FOLDER is not there for its group alone" ||
    systemd-tmpfiles --create "$ROOT$TMPFILES"
}

main() {
  : "${CONF:?}" "${HAPROXY_CFG:?}" "${SOCKET_FOLDER:?}" "${GROUP:?}"
  if [[ "$STEP_VERB" == delete ]]; then
    rm -rf "$ROOT$CONF" "$ROOT$TMPFILES" "$ROOT$SOCKET_FOLDER"
    return
  fi
  install_text "$CONF" 644 "$HAPROXY_CFG"
  settle "$CONF"
  set_folder
}

main "$@" </dev/null
