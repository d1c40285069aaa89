#!/usr/bin/env bash
# Put before every step that runs on a machine: how it writes a file, and how it is only asked what it would change.
#
# Arguments: none    bring the machine to what the step wants
#            check   change nothing; print a line for each thing that is not as the step would leave it
#            delete  undo
#
# FILES_ROOT moves every file elsewhere for tests.
# shellcheck disable=SC2034 # what is set here is for the step
set -euo pipefail

STEP_VERB=${1:-create}
ROOT=${FILES_ROOT:-}

# Whether the text just installed has to be taken over by the program that reads it.
CHANGED=no

# to_mend WHAT  true where the step has to mend it now; a check says WHAT instead
to_mend() {
  [[ "$STEP_VERB" == check ]] || return 0
  echo "$1"
  return 1
}

# holds FILE TEXT  whether that is the file's text; without a process of its own, as a check asks this often
holds() {
  local present
  [[ -f "$1" ]] && { IFS= read -r -d '' present <"$1" || true; } && [[ "$present" == "$2" ]]
}

# Writes TEXT to FILE with MODE where it differs. A run that is cut off before the text is taken over leaves a mark, so
# the next one makes up for it; the mark ends with a boot, which reads everything anew.
install_text() {
  local file=$ROOT$1 mode=$2 text=$3 mark
  mark=$(mark_of "$1")
  CHANGED=yes
  if holds "$file" "$text" && [[ "$(stat -c %a "$file")" == "$mode" ]]; then
    if [[ ! -e "$mark" ]] || ! to_mend "$1 has not been taken over yet"; then CHANGED=no; fi
    return 0
  fi
  if ! to_mend "$1 is not as it should be"; then
    CHANGED=no
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
  [[ "$STEP_VERB" == check ]] || rm -f "$(mark_of "$1")"
}

# ask_docker PATH  prints what the engine answers: by its API, as its CLI takes a second to start where a processor is
# emulated. False where it has no answer
ask_docker() {
  curl --silent --fail --max-time 60 --unix-socket /run/docker.sock "http://docker/$1"
}

# Enables a unit, and starts one that does not run.
ensure_unit() {
  local state
  state=$(systemctl show --property UnitFileState,ActiveState "$1")
  if [[ "$state" != *UnitFileState=enabled* ]] && to_mend "$1 does not start at boot"; then systemctl enable --quiet "$1"; fi
  if [[ "$state" != *ActiveState=active* ]] && to_mend "$1 does not run"; then
    # One that failed several times in a row would be refused.
    if [[ "$state" == *ActiveState=failed* ]]; then systemctl reset-failed "$1"; fi
    systemctl start "$1"
  fi
}
