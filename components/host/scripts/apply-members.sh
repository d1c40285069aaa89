#!/usr/bin/env bash
# Lives on every machine as /usr/local/lib/swarmstead/apply-members. Makes /etc/hosts and the firewall's set of nodes
# from /etc/swarmstead/members, which has a file a machine: its name is the machine's, its text the address.
#
# A second run changes nothing. With `check`, only says which of them is not as it should be. FILES_ROOT moves every file
# elsewhere for tests.
set -euo pipefail

VERB=${1:-create}

ROOT=${FILES_ROOT:-}
MEMBERS=$ROOT/etc/swarmstead/members
# Left by a run that was cut off between the new set and the firewall's reload; ends with a boot.
MARK=$ROOT/run/swarmstead/changed.nodes.nft

replace_where_different() {
  local file=$1 text=$2 mark=${3:-} present=""
  [[ ! -f "$file" ]] || IFS= read -r -d '' present <"$file" || true
  if [[ "$present" == "$text" ]]; then
    return
  elif [[ "$VERB" == check ]]; then
    echo "${file#"$ROOT"} is not as it should be"
    return
  fi
  printf '%s' "$text" >"$file.new"
  chmod 644 "$file.new"
  if [[ -n "$mark" ]]; then
    install -d "$(dirname "$mark")"
    touch "$mark"
  fi
  mv "$file.new" "$file"
  echo "changed $file"
}

# Sets MEMBER_LINES (`<address> <name>` each), NAMES and ADDRESSES, in the addresses' order.
read_members() {
  local file address name
  MEMBER_LINES="" NAMES=() ADDRESSES=()
  while read -r address name; do
    MEMBER_LINES+="$address $name"$'\n'
    NAMES+=("$name")
    ADDRESSES+=("$address")
  done < <(
    for file in "$MEMBERS"/*; do
      # What ends in .new is still being written.
      [[ -f "$file" && "$file" != *.new ]] || continue
      read -r address <"$file"
      echo "$address ${file##*/}"
    done | sort -V
  )
}

render_hosts() {
  # What others wrote stays; the block between the marks is ours. A loopback line for a member's own name would
  # make daemons that ask for their address find 127.0.1.1.
  local IFS='|'
  local names="${NAMES[*]:-nobody}"
  sed -E "/^# swarmstead begin$/,/^# swarmstead end$/d; /^127\.0\.1\.1[[:space:]]+.*\b($names)\b/d" "$ROOT/etc/hosts"
  printf '# swarmstead begin\n%s# swarmstead end\n' "$MEMBER_LINES"
}

render_nodes() {
  local addresses
  printf -v addresses '%s, ' "${ADDRESSES[@]}"
  printf 'set nodes {\n  type ipv4_addr\n'
  [[ ${#ADDRESSES[@]} -eq 0 ]] || printf '  elements = { %s }\n' "${addresses%, }"
  printf '}\n'
}

main() {
  # Several machines may join at once, and each has this run.
  exec 9<"$MEMBERS"
  flock 9
  read_members
  replace_where_different "$ROOT/etc/hosts" "$(render_hosts)"$'\n'
  replace_where_different "$ROOT/etc/swarmstead/nodes.nft" "$(render_nodes)"$'\n' "$MARK"
  [[ "$VERB" != check && -e "$MARK" ]] || return 0
  if systemctl is-active --quiet swarmstead-firewall; then
    systemctl reload swarmstead-firewall
  fi
  rm -f "$MARK"
}

main "$@" </dev/null
