#!/usr/bin/env bash
# Makes a machine known to all others, and them to it: its line in /etc/hosts and in the firewall's set of nodes. So a
# machine that joins changes no step of those that are there. Runs on the operator's computer.
#
# Reads: NAME     the machine's name
#        ADDRESS  its private IPv4 address
#
# A second run changes nothing. With `delete`, makes it unknown again.
set -euo pipefail

machine_step() {
  # The quoted text is for the machine: there it reads its own arguments.
  cat <<'REMOTE'
set -euo pipefail
verb=$1 name=$2 address=$3
file=/etc/swarmstead/members/$name
if [[ $verb == delete ]]; then
  rm -f "$file"
elif [[ "$(cat "$file" 2>/dev/null || true)" != "$address" ]]; then
  echo "$address" >"$file.new"
  mv "$file.new" "$file"
fi
/usr/local/lib/swarmstead/apply-members
REMOTE
}

tell() {
  local machine=$1 verb=$2
  machine_step | on_machine "$machine" "$verb" "$NAME" "$ADDRESS" || {
    echo "$machine: could not be told of $NAME; start it, then run the command again" >&2
    return 1
  }
}

introduce_others() {
  local lines
  # shellcheck disable=SC2016 # expanded on the machine
  lines=$(on_manager <<<'cd /etc/swarmstead/members && for file in *; do echo "$file $(cat "$file")"; done')
  {
    printf 'set -euo pipefail\ncd /etc/swarmstead/members\n'
    printf '%s\n' "$lines" | awk '{ printf "[ \"$(cat %s 2>/dev/null)\" = %s ] || echo %s >%s\n", $1, $2, $2, $1 }'
    echo /usr/local/lib/swarmstead/apply-members
  } | on_machine "$NAME"
}

main() {
  : "${NAME:?}" "${ADDRESS:?}"
  local verb=${1:-create} machine jobs=() job failed=0
  for machine in $(list_machines); do
    [[ "$machine" != "$NAME" ]] || continue
    tell "$machine" "$verb" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do
    wait "$job" || failed=1
  done
  if [[ "$verb" != delete ]]; then
    introduce_others
  fi
  return "$failed"
}

main "$@" </dev/null
