#!/usr/bin/env bash
# How `doctor` has steps say what they would change, in one session for all of them. Changes nothing.
#
# Reads: CHECK_SECONDS  how long a step may take to say it
#
# Prints a fact a line, its words separated by tabs.
set -uo pipefail

tell() {
  local IFS=$'\t'
  printf '%s\n' "$*"
}

# check_step NAME  reads the step, and tells what it would change here
check_step() {
  local line code=0 said
  said=$(timeout "$CHECK_SECONDS" bash -s -- check 2>&1) || code=$?
  while read -r line; do
    [[ -z "$line" ]] || tell differs "$1" "$line"
  done <<<"$said"
  if [[ "$code" -eq 124 ]]; then
    tell differs "$1" "its check was not done in $CHECK_SECONDS s"
  elif [[ "$code" -ne 0 && -z "$said" ]]; then
    tell differs "$1" "its check failed with exit code $code"
  fi
}
