#!/usr/bin/env bats
# What Ceph's daemons and clients of a machine read first.

# shellcheck disable=SC2016 # a stub's text is for the stub
CONF=/etc/ceph/ceph.conf
SHIM=/usr/share/ceph/mgr/bcrypt.py
DROP_IN=/etc/systemd/system/ceph-osd@.service.d/swarmstead.conf

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root
  mkdir -p "$FILES_ROOT"
  stub systemctl
  stub hostname 'echo node1'
  value CEPH_CONF $'[global]\nfsid = 1-2\n'
  value MGR_SHIM $'def hashpw(): \n    pass\n'
  value OSD_UNIT $'[Service]\nExecStartPre=/bin/true "$$x"\n'
}

step() {
  run_step ceph/scripts/set-ceph.sh "$@"
}

@test "writes every file byte for byte, with its mode, restarts a manager that runs, and tells systemd" {
  step
  expect_status 0
  [[ "$output" == "changed $CONF"$'\n'"changed $SHIM"$'\n'"changed $DROP_IN" ]]
  diff "$FILES_ROOT$CONF" - <<<$'[global]\nfsid = 1-2'
  diff "$FILES_ROOT$SHIM" - <<<$'def hashpw(): \n    pass'
  diff "$FILES_ROOT$DROP_IN" - <<<$'[Service]\nExecStartPre=/bin/true "$$x"'
  [[ "$(stat -c %a "$FILES_ROOT$CONF" "$FILES_ROOT$SHIM" "$FILES_ROOT$DROP_IN")" == $'644\n644\n644' ]]
  [[ "$(grep ^systemctl "$CALLS")" == $'systemctl try-restart ceph-mgr@node1\nsystemctl daemon-reload' ]]
}

@test "changes nothing and restarts nothing in a second run" {
  step
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" && ! -s "$CALLS" ]]
}

@test "restarts and reloads only what reads the file that changed" {
  step
  : >"$CALLS"
  value CEPH_CONF $'[global]\nfsid = 1-2\nmon_host = 10.77.0.11\n'
  step
  expect_status 0
  [[ "$output" == "changed $CONF" && ! -s "$CALLS" ]]
  value OSD_UNIT $'[Service]\n'
  step
  [[ "$output" == "changed $DROP_IN" && "$(cat "$CALLS")" == "systemctl daemon-reload" ]]
  : >"$CALLS"
  value MGR_SHIM $'pass\n'
  step
  [[ "$output" == "changed $SHIM" ]]
  expect_call "systemctl try-restart ceph-mgr@node1"
  refuse_call 'daemon-reload'
}

@test "writes nothing but the settings on a machine without daemons" {
  value OSD_UNIT ""
  value MGR_SHIM ""
  step
  expect_status 0
  [[ "$output" == "changed $CONF" && "$(ls "$FILES_ROOT")" == $'etc\nrun' && ! -e "$FILES_ROOT/etc/systemd" && ! -s "$CALLS" ]]
  unset_value OSD_UNIT
  unset_value MGR_SHIM
  step
  [[ "$status" -eq 0 && "$output" == "" ]]
}

@test "does not pass over a restart or a reload that failed the last time" {
  local word
  for word in try-restart daemon-reload; do
    stub systemctl "[[ \$1 != $word ]]"
    step
    expect_status 1
  done
  stub systemctl
  : >"$CALLS"
  step check
  [[ "$output" == "$DROP_IN has not been taken over yet" && ! -s "$CALLS" ]]
  step
  expect_status 0
  [[ "$output" == "" && "$(cat "$CALLS")" == "systemctl daemon-reload" ]]
}

@test "says in a check what it would change, and changes nothing" {
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo more | tee -a "$FILES_ROOT$CONF" "$FILES_ROOT$SHIM" >/dev/null
  chmod 600 "$FILES_ROOT$DROP_IN"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step check
  expect_status 0
  [[ "$output" == "$CONF is not as it should be"$'\n'"$SHIM is not as it should be"$'\n'"$DROP_IN is not as it should be" ]]
  [[ "$(snapshot "$FILES_ROOT")" == "$before" && ! -s "$CALLS" ]]
}

@test "names a value that is missing" {
  expect_missing_named ceph/scripts/set-ceph.sh CEPH_CONF
}
