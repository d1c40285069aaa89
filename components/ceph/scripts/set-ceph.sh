#!/usr/bin/env bash
# What Ceph's daemons and clients of one machine read before they know a monitor, and what the distribution lacks.
#
# Reads: CEPH_CONF  text of /etc/ceph/ceph.conf
#        OSD_UNIT   text of the drop-in of the OSDs' units; empty on a machine without daemons
#        MGR_SHIM   text of a Python module in the place of one that the manager daemon cannot load; empty likewise
#
# Compares before it writes, so a second run changes nothing. Follows step.sh.
set -euo pipefail

main() {
  : "${CEPH_CONF:?}"
  local conf=/etc/ceph/ceph.conf drop_in=/etc/systemd/system/ceph-osd@.service.d/swarmstead.conf
  # The daemon looks for modules here before it looks among the system's.
  local shim=/usr/share/ceph/mgr/bcrypt.py
  install_text "$conf" 644 "$CEPH_CONF"
  # Each daemon reads it when it starts; what is in it does not change in a cluster's life but for the monitors, which
  # daemons that run already know.
  settle "$conf"
  [[ -n "${OSD_UNIT:-}" && -n "${MGR_SHIM:-}" ]] || return 0
  install_text "$shim" 644 "$MGR_SHIM"
  if [[ "$CHANGED" == yes ]]; then
    systemctl try-restart "ceph-mgr@$(hostname)"
    settle "$shim"
  fi
  install_text "$drop_in" 644 "$OSD_UNIT"
  if [[ "$CHANGED" == yes ]]; then
    systemctl daemon-reload
    settle "$drop_in"
  fi
}

main "$@" </dev/null
