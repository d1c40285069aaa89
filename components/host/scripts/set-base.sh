#!/usr/bin/env bash
# The machine's base: names of the machines, firewall, time, SSH limits.
#
# Reads: MEMBERS        the managers, a line `<name> <address>` each; and this machine's own line
#        APPLY_MEMBERS  text of the program that makes /etc/hosts and the firewall's set from the members
#        FIREWALL       text of the nftables table
#        LOAD_FIREWALL  text of the program that loads that table
#        CHRONY_CONF    text of chrony's configuration
#
# Compares before it writes, and restarts or reloads only what changed, so a second run changes nothing. Follows step.sh.
set -euo pipefail

set_members() {
  local name address file
  while read -r name address; do
    file=/etc/swarmstead/members/$name
    install_text "$file" 644 "$address"$'\n'
    settle "$file"
  done <<<"$MEMBERS"
  file=/usr/local/lib/swarmstead/apply-members
  install_text "$file" 755 "$APPLY_MEMBERS"
  settle "$file"
  bash -s -- "$STEP_VERB" <<<"$APPLY_MEMBERS"
}

set_firewall() {
  local changed unit conf=/etc/swarmstead/firewall.nft loader=/usr/local/lib/swarmstead/load-firewall
  local service=/etc/systemd/system/swarmstead-firewall.service
  unit="[Unit]
Description=Firewall of swarmstead: declared ports from outside, cluster ports between nodes
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
After=local-fs.target
Conflicts=shutdown.target
Before=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$loader
ExecReload=$loader
ExecStop=/usr/sbin/nft delete table inet swarmstead

[Install]
WantedBy=sysinit.target
"
  install_text "$loader" 755 "$LOAD_FIREWALL"
  settle "$loader"
  install_text "$conf" 644 "$FIREWALL"
  # shellcheck disable=SC2153 # set by install_text
  changed=$CHANGED
  [[ "$changed" == no ]] || nft -c -f "$ROOT$conf"
  install_text "$service" 644 "$unit"
  if [[ "$CHANGED" == yes ]]; then
    systemctl daemon-reload
    settle "$service"
  fi
  if [[ "$changed" == no ]] && ! bash -s -- check <<<"$LOAD_FIREWALL" && to_mend "the firewall's rules were changed by hand"; then
    changed=yes
  fi
  if [[ "$changed" == yes ]] && systemctl is-active --quiet swarmstead-firewall; then
    systemctl reload swarmstead-firewall
  fi
  ensure_unit swarmstead-firewall
  settle "$conf"
}

set_time() {
  local conf=/etc/chrony/chrony.conf
  install_text "$conf" 644 "$CHRONY_CONF"
  if [[ "$CHANGED" == yes ]]; then
    systemctl restart chrony
    settle "$conf"
  fi
  ensure_unit chrony
}

set_sshd() {
  # Several steps dial a machine at once, and the provider of networks and secrets keeps connections open; the
  # default MaxStartups 10:30:100 drops some of them (terraform-provider-docker#262).
  local conf=/etc/ssh/sshd_config.d/10-swarmstead.conf text='MaxStartups 100:30:200
MaxSessions 100
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UseDNS no
'
  install_text "$conf" 644 "$text"
  if [[ "$CHANGED" == yes ]]; then
    sshd -t
    systemctl reload ssh
    settle "$conf"
  fi
}

main() {
  : "${MEMBERS:?}" "${APPLY_MEMBERS:?}" "${FIREWALL:?}" "${LOAD_FIREWALL:?}" "${CHRONY_CONF:?}"
  set_members
  set_firewall
  set_time
  set_sshd
}

main "$@" </dev/null
