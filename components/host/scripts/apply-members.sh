#!/usr/bin/env bash
# Lives on every machine as /usr/local/lib/swarmstead/apply-members. Makes /etc/hosts and the firewall's set of nodes
# from /etc/swarmstead/members, which has a file a machine: its name is the machine's, its text the address.
#
# A second run changes nothing. FILES_ROOT moves every file elsewhere for tests.
set -euo pipefail

ROOT=${FILES_ROOT:-}
MEMBERS=$ROOT/etc/swarmstead/members
# Left by a run that was cut off between the new set and the firewall's reload; ends with a boot.
MARK=$ROOT/run/swarmstead/changed.nodes.nft

replace_where_different() {
  local file=$1 mark=${2:-}
  cat >"$file.new"
  if cmp -s "$file.new" "$file"; then
    rm "$file.new"
  else
    chmod 644 "$file.new"
    if [[ -n "$mark" ]]; then
      install -d "$(dirname "$mark")"
      touch "$mark"
    fi
    mv "$file.new" "$file"
    echo "changed $file"
  fi
}

list_members() {
  local file
  for file in "$MEMBERS"/*; do
    # What ends in .new is still being written.
    [[ -f "$file" && "$file" != *.new ]] && echo "$(cat "$file") ${file##*/}"
  done
  return 0
}

render_hosts() {
  # What others wrote stays; the block between the marks is ours. A loopback line for a member's own name would
  # make daemons that ask for their address find 127.0.1.1.
  local names
  names=$(list_members | awk '{ print $2 }' | paste -sd'|' -)
  sed '/^# swarmstead begin$/,/^# swarmstead end$/d' "$ROOT/etc/hosts" |
    grep -Ev "^127\.0\.1\.1[[:space:]]+.*\b(${names:-nobody})\b" || true
  echo "# swarmstead begin"
  list_members | sort -t. -k1,1n -k2,2n -k3,3n -k4,4n
  echo "# swarmstead end"
}

render_nodes() {
  local addresses
  addresses=$(list_members | awk '{ print $1 }' | sort -V | paste -sd, - | sed 's/,/, /g')
  echo "set nodes {"
  echo "  type ipv4_addr"
  [[ -z "$addresses" ]] || echo "  elements = { $addresses }"
  echo "}"
}

main() {
  # Several machines may join at once, and each has this run.
  exec 9<"$MEMBERS"
  flock 9
  render_hosts | replace_where_different "$ROOT/etc/hosts"
  render_nodes | replace_where_different "$ROOT/etc/swarmstead/nodes.nft" "$MARK"
  [[ -e "$MARK" ]] || return 0
  if systemctl is-active --quiet swarmstead-firewall; then
    systemctl reload swarmstead-firewall
  fi
  rm -f "$MARK"
}

main "$@" </dev/null
