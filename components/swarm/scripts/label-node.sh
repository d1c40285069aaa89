#!/usr/bin/env bash
# Gives a node exactly the labels of the config.
#
# Reads: NAME    the node
#        LABELS  a line `<key>=<value>` each
#
# Compares before it changes, so a second run changes nothing. With `delete`, takes all labels away. Follows step.sh.
set -euo pipefail

list_labels() {
  docker node inspect "$NAME" --format '{{range $key, $value := .Spec.Labels}}{{$key}}={{$value}}{{println}}{{end}}' |
    sed '/^$/d' | sort
}

main() {
  : "${NAME:?}" "${LABELS:?}"
  local wanted present line args=()
  wanted=$([[ "${1:-}" == delete ]] || sort <<<"$LABELS")
  present=$(list_labels) || { [[ "${1:-}" == delete ]] && return; }
  [[ "$wanted" != "$present" ]] || return 0
  to_mend "the labels of node $NAME are not as they should be" || return 0
  while read -r line; do
    [[ -z "$line" ]] || args+=(--label-rm "${line%%=*}")
  done < <(comm -13 <(cut -d= -f1 <<<"$wanted" | sort) <(cut -d= -f1 <<<"$present" | sort))
  while read -r line; do
    [[ -z "$line" ]] || args+=(--label-add "$line")
  done <<<"$wanted"
  docker node update "${args[@]}" "$NAME" >/dev/null
}

main "$@" </dev/null
