#!/usr/bin/env bash
# Everything that reads the checkout without running it: format, lint, types, shell files, Go files, workflows. Shows all
# faults of all checks; exit code 1 where there is one.
# Reads nothing. A second run changes nothing: no check writes.
set -euo pipefail

FAILED=()
PROGRAMS=(shellcheck shfmt)

install_programs() {
  local missing=() program
  for program in "${PROGRAMS[@]}"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    echo "check: ${missing[*]} missing; run: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
  echo "check: installing ${missing[*]} …" >&2
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "${missing[@]}"; } >/dev/null; then
    echo "check: ${missing[*]} could not be installed; run: apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
}

# run_check NAME COMMAND…  notes a failure and goes on
run_check() {
  local name=$1 started=$SECONDS
  shift
  if "$@"; then
    echo "ok      $name ($((SECONDS - started)) s)"
  else
    echo "failed  $name ($((SECONDS - started)) s)"
    FAILED+=("$name")
  fi
}

# list_files PATTERN…  what git tracks or would track, one a line, as far as it exists
list_files() {
  local files file
  files=$(git ls-files -co --exclude-standard -- "$@")
  while IFS= read -r file; do
    if [[ -f "$file" ]]; then
      echo "$file"
    fi
  done <<<"$files"
}

check_go_format() {
  local listed files=() faulty
  listed=$(list_files '*.go') || return 1
  mapfile -t files <<<"$listed"
  faulty=$(gofmt -l "${files[@]}") || return 1
  if [[ -n "$faulty" ]]; then
    printf 'not formatted; run gofmt -w on:\n%s\n' "$faulty"
    return 1
  fi
}

check_workflows() {
  local listed files=() root=$PWD
  listed=$(list_files '.github/workflows/*.yaml' '.github/workflows/*.yml') || return 1
  mapfile -t files <<<"$listed"
  go -C tools/actionlint tool actionlint "${files[@]/#/$root/}"
}

main() {
  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  local bin=node_modules/.bin listed shell_files=() names
  install_programs
  listed=$(tools/list-shell-files.sh)
  mapfile -t shell_files <<<"$listed"
  run_check "format (biome)" "$bin/biome" check --diagnostic-level=info --error-on-warnings --max-diagnostics=none
  run_check "lint (eslint)" "$bin/eslint" --max-warnings 0 .
  run_check "types (tsc)" "$bin/tsc" --noEmit
  run_check "shell (shellcheck)" shellcheck "${shell_files[@]}"
  run_check "shell (shfmt)" shfmt -i 2 -ci -d "${shell_files[@]}"
  run_check "go (gofmt)" check_go_format
  run_check "workflows (actionlint)" check_workflows
  if [[ ${#FAILED[@]} -gt 0 ]]; then
    names=$(printf '%s, ' "${FAILED[@]}")
    echo "check: ${#FAILED[@]} failed: ${names%, }" >&2
    exit 1
  fi
}

main "$@"
