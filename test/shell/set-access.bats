#!/usr/bin/env bats
# Who may log in to a machine: the login user's authorized_keys.

# shellcheck disable=SC2016 # a stub's text is for the stub
setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  HOME_THERE=$FILES_ROOT/home/ann
  FILE=$HOME_THERE/.ssh/authorized_keys
  mkdir -p "$HOME_THERE"
  stub getent '[[ "$2" == "$(id -un)" ]] && echo "$2:x:1000:1000::/home/ann:/bin/bash"'
  stub hostname 'echo node1'
  for name in one two; do
    ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$BATS_TEST_TMPDIR/$name"
  done
  KEYS=$(cat "$BATS_TEST_TMPDIR/one.pub" "$BATS_TEST_TMPDIR/two.pub")$'\n'
  value LOGIN_USER "$(id -un)"
  value KEYS "$KEYS"
}

step() {
  run_step host/scripts/set-access.sh
}

@test "writes just these keys, for the user alone" {
  step
  expect_status 0
  [[ "$output" == "changed /home/ann/.ssh/authorized_keys" ]]
  printf '%s' "$KEYS" | cmp - "$FILE"
  [[ "$(stat -c '%a %U' "$FILE" "$HOME_THERE/.ssh")" == "600 $(id -un)"$'\n'"700 $(id -un)" ]]
}

@test "changes nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
}

@test "takes every other key away, from the second file that sshd reads as well" {
  mkdir -p "$HOME_THERE/.ssh"
  ssh-keygen -q -t ed25519 -N '' -C stranger -f "$BATS_TEST_TMPDIR/stranger"
  cat "$BATS_TEST_TMPDIR/one.pub" "$BATS_TEST_TMPDIR/stranger.pub" >"$FILE"
  cp "$BATS_TEST_TMPDIR/stranger.pub" "${FILE}2"
  step
  expect_status 0
  printf '%s' "$KEYS" | cmp - "$FILE"
  [[ "$(ls "$HOME_THERE/.ssh")" == authorized_keys ]]
}

@test "mends a mode that lets others write" {
  step
  chmod 666 "$FILE"
  step
  expect_status 0
  [[ "$(stat -c %a "$FILE")" == 600 ]]
}

@test "has one key file or the other at every moment: the new one comes by a move" {
  step
  before=$(stat -c %i "$FILE")
  value KEYS "$(cat "$BATS_TEST_TMPDIR/two.pub")"$'\n'
  step
  expect_status 0
  [[ "$(stat -c %i "$FILE")" != "$before" && "$(ls "$HOME_THERE/.ssh")" == authorized_keys ]]
}

@test "keeps the old keys where the new ones hold none, or one that is none" {
  step
  before=$(cat "$FILE")
  value KEYS $'\n'
  step
  expect_status 1
  [[ "$output" == "node1: KEYS: must be a public key a line, at least one, got 0 keys in 0 lines; the old ones stay" ]]
  value KEYS "${KEYS}ssh-ed25519 nonsense"$'\n'
  step
  expect_status 1
  expect_text "got 2 keys in 3 lines; the old ones stay"
  [[ "$(cat "$FILE")" == "$before" && "$(ls "$HOME_THERE/.ssh")" == authorized_keys ]]
}

@test "names a user that the machine does not have" {
  value LOGIN_USER nobody-here
  step
  expect_status 1
  expect_text "node1: LOGIN_USER: must be a user of the machine, got nobody-here"
}

@test "names a value that is missing" {
  expect_missing_named host/scripts/set-access.sh LOGIN_USER KEYS
}

@test "says in a check what it would change, and changes nothing" {
  step
  run_step host/scripts/set-access.sh check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo "ssh-ed25519 AAAA stranger" >>"$FILE"
  touch "${FILE}2"
  before=$(snapshot "$FILES_ROOT")
  run_step host/scripts/set-access.sh check
  expect_status 0
  [[ "$output" == $'/home/ann/.ssh/authorized_keys2 lets others in\n/home/ann/.ssh/authorized_keys is not as it should be' ]]
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
}
