# What the shell tests share: stub programs that log how they are called, and running a script as it runs in reality.
#
# Every call of a stub is a line of CALLS: the program's name and its arguments.

# shellcheck shell=bash disable=SC2016,SC2154 # a stub's text is for the stub; bats sets output and status

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
CALLS=$BATS_TEST_TMPDIR/calls
VALUES=$BATS_TEST_TMPDIR/values
BIN=$BATS_TEST_TMPDIR/bin
mkdir -p "$BIN"
: >"$CALLS"
: >"$VALUES"
export ROOT CALLS BIN
PATH=$BIN:$PATH

# stub NAME [BODY]  puts a program before all others; its body sees its arguments and may be left out
stub() {
  printf '#!/bin/bash\nprintf "%%s\\n" "%s${*:+ $*}" >>"$CALLS"\n%s\n' "$1" "${2:-}" >"$BIN/$1"
  chmod +x "$BIN/$1"
}

# value NAME TEXT  what the script under test reads; the last of the same name counts
value() {
  printf '%s=%q\n' "$1" "$2" >>"$VALUES"
}

# unset_value NAME  as if the program had not given it
unset_value() {
  sed -i "/^$1=/d" "$VALUES"
}

# make_disks DEVICE…  disks of the machine under FILES_ROOT. Only the shell asks of what kind they are, and sees a real block
# device of this computer; no program here does
make_disks() {
  local device
  for device in "$@"; do
    mkdir -p "$FILES_ROOT${device%/*}"
    touch "$FILES_ROOT$device"
  done
  BLOCK=$(find /dev -type b -print -quit 2>/dev/null || true)
  export BLOCK
  [[ -n "$BLOCK" ]] || skip "/dev: this computer has no block device, so nothing that takes disks was run"
  stub readlink '[[ -e "${!#}" ]] && echo "$BLOCK" || echo "${!#}"'
}

# What is put before the script under test, paths under components.
LIBRARIES=()

# run_step FILE [ARGUMENT…]  what every step has, values, libraries and script by stdin, as the program sends them
run_step() {
  local file=$ROOT/components/$1
  shift
  run bash -s -- "$@" < <(cat "$ROOT/components/lib/scripts/step.sh" "$VALUES" "${LIBRARIES[@]/#/$ROOT/components/}" "$file")
}

# run_visiting_step FILE [ARGUMENT…]  the same for a script that runs on the operator's computer
run_visiting_step() {
  local file=$ROOT/components/$1
  shift
  run bash -s -- "$@" < <(
    printf 'SSH_FOLDER=%q\nMANAGER_ALIAS=swarmstead-test\n' "$BATS_TEST_TMPDIR/ssh"
    cat "$ROOT/components/lib/scripts/visit.sh" "$VALUES" "$file"
  )
}

# make_machines ROLE:NAME…  stubs of ssh and sudo: what is sent to a machine runs here with MACHINE set to its name. A
# machine whose file WORLD/<name>.dead exists does not answer; the alias leads to the first that does
make_machines() {
  local machine
  WORLD=$BATS_TEST_TMPDIR/world
  export WORLD
  mkdir -p "$BATS_TEST_TMPDIR/ssh" "$WORLD"
  : >"$BATS_TEST_TMPDIR/ssh/machines"
  for machine in "$@"; do
    echo "${machine#*:} ${machine%%:*}" >>"$BATS_TEST_TMPDIR/ssh/machines"
  done
  stub ssh '
[[ "$1" == -F && -f "${2%/config}/machines" ]] || exit 2
list=${2%/config}/machines
MACHINE=$3
shift 3
if [[ "$MACHINE" == swarmstead-test ]]; then
  for name in $(awk "\$2 == \"manager\" { print \$1 }" "$list"); do
    [[ -e "$WORLD/$name.dead" ]] || { MACHINE=$name; break; }
  done
fi
export MACHINE
[[ ! -e "$WORLD/$MACHINE.dead" ]] || { echo "ssh: connect to $MACHINE: no route" >&2; exit 255; }
exec sh -c "$*"'
  stub sudo 'exec "$@"'
}

# snapshot FOLDER  every file in it with mode, time of change, inode and content
snapshot() {
  (cd "$1" && find . -type f -printf '%p %m %T@ %i\n' | sort && find . -type f -exec sha256sum {} + | sort)
}

# expect_text TEXT  the output holds it
expect_text() {
  [[ "$output" == *"$1"* ]] || {
    printf 'wanted: %s\ngot: %s\n' "$1" "$output" >&2
    return 1
  }
}

# expect_status CODE
expect_status() {
  [[ "$status" -eq "$1" ]] || {
    printf 'exit code: wanted %s, got %s with: %s\n' "$1" "$status" "$output" >&2
    return 1
  }
}

# expect_call CALL  a stub was called just so
expect_call() {
  grep -Fxq -- "$1" "$CALLS" || {
    printf 'wanted the call: %s\ncalls:\n%s\n' "$1" "$(cat "$CALLS")" >&2
    return 1
  }
}

# refuse_call PATTERN  no stub was called in a way that the extended regular expression finds
refuse_call() {
  ! grep -E -- "$1" "$CALLS" >&2
}

# expect_missing_named FILE NAME…  each value, left out, is named by the failing script
expect_missing_named() {
  local file=$1 name kept
  shift
  kept=$(cat "$VALUES")
  for name in "$@"; do
    unset_value "$name"
    "${STEP:-run_step}" "$file"
    [[ "$status" -ne 0 ]] || return 1
    expect_text "$name: parameter null or not set"
    printf '%s\n' "$kept" >"$VALUES"
  done
}
