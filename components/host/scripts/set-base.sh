#!/usr/bin/env bash
# The machine's base: names of the machines, firewall, time, SSH limits.
#
# Reads: MEMBERS        the managers, a line `<name> <address>` each; and this machine's own line
#        APPLY_MEMBERS  text of the program that makes /etc/hosts and the firewall's set from the members
#        FIREWALL       text of the nftables table
#        CHRONY_CONF    text of chrony's configuration
#
# Compares before it writes, and restarts or reloads only what changed, so a second run changes nothing.
# FILES_ROOT moves every file elsewhere for tests.
set -euo pipefail

ROOT=${FILES_ROOT:-}

# Whether the text just installed has to be taken over by the program that reads it.
CHANGED=no

# Writes TEXT to FILE with MODE where it differs. A run that is cut off before the text is taken over leaves a mark, so
# the next one makes up for it; the mark ends with a boot, which reads everything anew.
install_text() {
  local file=$ROOT$1 mode=$2 text=$3 mark
  mark=$(mark_of "$1")
  CHANGED=yes
  if [[ -f "$file" && "$(stat -c %a "$file")" == "$mode" ]] && printf '%s' "$text" | cmp -s - "$file"; then
    [[ -e "$mark" ]] || CHANGED=no
    return 0
  fi
  install -d "$(dirname "$file")" "$(dirname "$mark")"
  touch "$mark"
  printf '%s' "$text" >"$file.new"
  chmod "$mode" "$file.new"
  mv "$file.new" "$file"
  echo "changed $1"
}

mark_of() {
  echo "$ROOT/run/swarmstead/changed${1//\//.}"
}

# Says that the text of FILE has been taken over.
settle() {
  rm -f "$(mark_of "$1")"
}

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
  "$ROOT$file"
}

set_firewall() {
  local changed unit conf=/etc/swarmstead/firewall.nft service=/etc/systemd/system/swarmstead-firewall.service
  unit='[Unit]
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
ExecStart=/usr/sbin/nft -f /etc/swarmstead/firewall.nft
ExecReload=/usr/sbin/nft -f /etc/swarmstead/firewall.nft
ExecStop=/usr/sbin/nft delete table inet swarmstead

[Install]
WantedBy=sysinit.target
'
  install_text "$conf" 644 "$FIREWALL"
  nft -c -f "$ROOT$conf"
  changed=$CHANGED
  install_text "$service" 644 "$unit"
  if [[ "$CHANGED" == yes ]]; then
    systemctl enable --quiet swarmstead-firewall
    settle "$service"
  fi
  if ! systemctl is-active --quiet swarmstead-firewall; then
    systemctl start swarmstead-firewall
  elif [[ "$changed" == yes ]] || ! nft list table inet swarmstead >/dev/null 2>&1; then
    systemctl reload swarmstead-firewall
  fi
  settle "$conf"
}

set_time() {
  local conf=/etc/chrony/chrony.conf
  install_text "$conf" 644 "$CHRONY_CONF"
  if [[ "$CHANGED" == yes ]]; then
    systemctl restart chrony
    settle "$conf"
  fi
  systemctl is-enabled --quiet chrony || systemctl enable --quiet chrony
  systemctl is-active --quiet chrony || systemctl start chrony
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
  : "${MEMBERS:?}" "${APPLY_MEMBERS:?}" "${FIREWALL:?}" "${CHRONY_CONF:?}"
  set_members
  set_firewall
  set_time
  set_sshd
}

main "$@" </dev/null
