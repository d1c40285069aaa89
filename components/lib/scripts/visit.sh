#!/usr/bin/env bash
# Put before a script that runs on the operator's computer: ways to visit the machines by SSH. Defines only functions.
#
# Reads: SSH_FOLDER     folder of the generated SSH configuration
#        MANAGER_ALIAS  alias that leads to any live manager
set -euo pipefail

# Runs the script on stdin as root on the machine NAME; further arguments become the script's.
on_machine() {
  local name=$1
  shift
  # shellcheck disable=SC2029 # the words are meant for the machine, and quoted for its shell
  ssh -F "${SSH_FOLDER:?}/config" "$name" "sudo bash -s -- ${*@Q}"
}

# The same on any live manager.
on_manager() {
  on_machine "${MANAGER_ALIAS:?}" "$@"
}

# Prints the names of the machines of ROLE, or of all where none is given.
list_machines() {
  awk -v role="${1:-}" 'role == "" || $2 == role { print $1 }' "${SSH_FOLDER:?}/machines"
}
