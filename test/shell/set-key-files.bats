#!/usr/bin/env bats
# Ceph's keys on a machine.

# shellcheck disable=SC2016 # a stub's text is for the stub
SECRET=not-for-the-eyes-of-others
ADMIN=/etc/ceph/ceph.client.admin.keyring
MANAGER=/var/lib/ceph/mgr/ceph-node1/keyring

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root OWNERS=$BATS_TEST_TMPDIR/owners
  mkdir -p "$FILES_ROOT" "$OWNERS"
  REAL='PATH=${PATH#"$BIN:"}; exec "${0##*/}" "$@"'
  local program
  for program in base64 chmod cp install printf rm tee touch; do
    stub "$program" "$REAL"
  done
  # Only root can give a file away, so who has it is kept apart; a file that is moved to its place is root's.
  stub stat '[[ "$1 $2" == "-c %U" ]] || { '"$REAL"'; }
[[ -e "$3" ]] && cat "$OWNERS/${3//\//.}" 2>/dev/null || echo root'
  stub chown 'echo "${1%:*}" >"$OWNERS/${2//\//.}"'
  stub mv 'rm -f "$OWNERS/${2//\//.}"
'"$REAL"
  ADMIN_TEXT=$'[client.admin]\n\tkey = '$SECRET$'\n'
  MANAGER_TEXT="[mgr.node1] $SECRET, without an end of its line"
  set_key_files "$ADMIN root $ADMIN_TEXT" "$MANAGER ceph $MANAGER_TEXT"
}

# set_key_files FILE…  each `<path> <owner> <text>`
set_key_files() {
  local file path owner text lines=()
  for file in "$@"; do
    path=${file%% *} text=${file#* }
    owner=${text%% *} text=${text#* }
    lines+=("$path $owner $(printf '%s' "$text" | base64 -w 0)")
  done
  value KEY_FILES "$(printf '%s\n' "${lines[@]}")"
  : >"$CALLS"
}

step() {
  run_step ceph/scripts/set-key-files.sh "$@"
}

@test "writes every file byte for byte, for its owner's eyes alone" {
  step
  expect_status 0
  [[ "$output" == "changed $ADMIN"$'\n'"changed $MANAGER" ]]
  printf '%s' "$ADMIN_TEXT" | cmp - "$FILES_ROOT$ADMIN"
  printf '%s' "$MANAGER_TEXT" | cmp - "$FILES_ROOT$MANAGER"
  [[ "$(stat -c %a "$FILES_ROOT$ADMIN" "$FILES_ROOT$MANAGER")" == $'600\n600' ]]
  expect_call "chown ceph:ceph $FILES_ROOT$MANAGER"
  refuse_call '^chown root'
}

@test "lets nobody else read a file while it is written" {
  stub chmod 'find "$2" -printf "mode %m\n" >>"$CALLS"
'"$REAL"
  step
  expect_status 0
  [[ "$(grep ^mode "$CALLS")" == $'mode 600\nmode 600' ]]
}

@test "changes nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^(chmod|chown|install|mv|touch)'
}

@test "mends the text, the mode and the owner of a file, and only those" {
  step
  echo more >>"$FILES_ROOT$MANAGER"
  chmod 640 "$FILES_ROOT$ADMIN"
  step
  expect_status 0
  printf '%s' "$MANAGER_TEXT" | cmp - "$FILES_ROOT$MANAGER"
  [[ "$(stat -c %a "$FILES_ROOT$ADMIN") $(stat -c %U "$FILES_ROOT$MANAGER")" == "600 ceph" ]]
  chown nobody:nobody "$FILES_ROOT$ADMIN"
  before=$(snapshot "$FILES_ROOT")
  step
  [[ "$(stat -c %U "$FILES_ROOT$ADMIN")" == root && "$(snapshot "$FILES_ROOT")" == "$before" ]]
}

@test "shows a key on no command line and in no output" {
  step
  expect_status 0
  grep -Fq "$SECRET" "$FILES_ROOT$ADMIN"
  refuse_call "$SECRET|$(base64 <<<"$SECRET" | head -c 12)|[A-Za-z0-9+]{40}"
  [[ "$output" != *"$SECRET"* ]]
}

@test "says in a check what it would change, a line a file, and changes nothing" {
  step check
  expect_status 0
  [[ "$output" == "$ADMIN is not as it should be"$'\n'"$MANAGER is not as it should be" ]]
  [[ "$(ls "$FILES_ROOT")" == "" ]]
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo more >>"$FILES_ROOT$ADMIN"
  chown root:root "$FILES_ROOT$MANAGER"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step check
  expect_status 0
  [[ "$output" == "$ADMIN is not as it should be"$'\n'"$MANAGER does not belong to ceph" ]]
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^(chmod|chown|install|mv|touch)'
}

@test "stops at a text that is none, and leaves the old one" {
  step
  before=$(snapshot "$FILES_ROOT")
  value KEY_FILES "$ADMIN root !"
  LC_ALL=C step
  expect_status 1
  [[ "$output" == *"invalid input"* && "$(snapshot "$FILES_ROOT")" == "$before" ]]
}

@test "names a value that is missing" {
  expect_missing_named ceph/scripts/set-key-files.sh KEY_FILES
}
