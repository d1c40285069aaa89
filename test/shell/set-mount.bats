#!/usr/bin/env bats
# The shared storage on a machine: the service that mounts it, and Docker behind it.

# shellcheck disable=SC2016 # a stub's text is for the stub
PROGRAM=/usr/local/lib/swarmstead/mount-storage
UNIT=/etc/systemd/system/swarmstead-storage.service
DROP_IN=/etc/systemd/system/docker.service.d/swarmstead-storage.conf

setup() {
  load helper
  export FILES_ROOT=$BATS_TEST_TMPDIR/root UNITS=$BATS_TEST_TMPDIR/units
  DATA=$FILES_ROOT/var/data
  mkdir -p "$DATA" "$UNITS"
  mkdir -p "$FILES_ROOT/proc/self"
  # What the kernel says is mounted; and after how many seconds a service that was started has mounted.
  export MOUNTED=$FILES_ROOT/proc/self/mounts MOUNTS_AFTER=0
  echo '/dev/vda / ext4 rw 0 0' >"$MOUNTED"
  stub sleep 'echo >>"$UNITS/slept"; [[ $(wc -l <"$UNITS/slept") -lt "$MOUNTS_AFTER" ]] || echo "none /var/data ceph rw 0 0" >>"$MOUNTED"'
  stub systemctl '
case $1 in
  is-enabled) [[ -e "$UNITS/enabled" ]] ;;
  is-active) [[ -e "$UNITS/active" ]] ;;
  enable) touch "$UNITS/enabled" ;;
  start | restart) touch "$UNITS/active"; [[ "$MOUNTS_AFTER" -gt 0 ]] || echo "none /var/data ceph rw 0 0" >>"$MOUNTED" ;;
esac'
  stub hostname 'echo node1'
  stub journalctl 'case $* in *--dmesg*) cat "$UNITS/kernel" ;; *) cat "$UNITS/said" ;; esac 2>/dev/null'
  value MOUNT_POINT /var/data
  value PROGRAM $'#!/bin/bash\necho "$1"\n'
  value PROGRAM_PATH "$PROGRAM"
  value SERVICE swarmstead-storage.service
  value UNIT $'[Service]\nType=oneshot\n'
  value DOCKER_DROP_IN $'[Unit]\nRequires=swarmstead-storage.service\n'
  value TIMEOUT_SECONDS 5
}

step() {
  run_step storage/scripts/set-mount.sh "$@"
}

@test "writes every file byte for byte, with its mode" {
  step
  expect_status 0
  [[ "$output" == "changed $PROGRAM"$'\n'"changed $UNIT"$'\n'"changed $DROP_IN" ]]
  diff "$FILES_ROOT$PROGRAM" - <<<$'#!/bin/bash\necho "$1"'
  diff "$FILES_ROOT$UNIT" - <<<$'[Service]\nType=oneshot'
  diff "$FILES_ROOT$DROP_IN" - <<<$'[Unit]\nRequires=swarmstead-storage.service'
  [[ "$(stat -c %a "$FILES_ROOT$PROGRAM" "$FILES_ROOT$UNIT" "$FILES_ROOT$DROP_IN")" == $'755\n644\n644' ]]
}

@test "tells systemd, enables and starts the service in order, and waits until it has mounted" {
  MOUNTS_AFTER=3 step
  expect_status 0
  grep -Ev '^systemctl is-' "$CALLS" | diff - /dev/fd/3 3<<'TEXT'
systemctl daemon-reload
systemctl enable --quiet swarmstead-storage.service
systemctl start --no-block swarmstead-storage.service
sleep 1
sleep 1
sleep 1
TEXT
}

@test "changes nothing and restarts nothing in a second run, whatever is in the storage" {
  step
  echo data >"$DATA/file"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step
  expect_status 0
  [[ "$output" == "" && "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl (start|restart|enable|daemon)'
}

@test "starts a service that somebody stopped, without a restart" {
  step
  rm "$UNITS/active"
  : >"$MOUNTED"
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl start --no-block swarmstead-storage.service"
  refuse_call 'restart|enable |daemon-reload'
}

@test "restarts a service that runs where somebody unmounted by hand" {
  step
  : >"$MOUNTED"
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl restart --no-block swarmstead-storage.service"
  refuse_call 'systemctl start'
}

@test "restarts the service where the program that serves a mount in user space has died, and not where it lives" {
  step
  echo "10.77.0.11:/data /var/data fuse.glusterfs rw 0 0" >"$MOUNTED"
  local procs=$FILES_ROOT/sys/fs/cgroup/system.slice/swarmstead-storage.service/cgroup.procs
  mkdir -p "${procs%/*}"
  echo 300 >"$procs"
  : >"$CALLS"
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  step
  refuse_call 'systemctl (start|restart)'
  : >"$procs"
  step check
  [[ "$output" == "/var/data is not mounted" ]]
  MOUNTS_AFTER=99 step
  expect_status 1
  expect_call "systemctl restart --no-block swarmstead-storage.service"
}

@test "waits until a mount that is seen can be used" {
  stub systemctl '
case $1 in
  is-active) [[ -e "$UNITS/slept" ]] ;;
  start) echo "10.77.0.11:/data /var/data ceph rw 0 0" >>"$MOUNTED" ;;
esac'
  MOUNTS_AFTER=99 step
  expect_status 0
  [[ "$(grep -c '^sleep 1$' "$CALLS")" -eq 1 ]]
}

@test "leaves what is mounted alone where the program or a unit changed, and tells systemd of the unit" {
  step
  : >"$CALLS"
  value PROGRAM $'#!/bin/bash\n'
  step
  expect_status 0
  [[ "$output" == "changed $PROGRAM" ]]
  refuse_call '^systemctl (start|restart|daemon)'
  local name
  for name in UNIT DOCKER_DROP_IN; do
    value "$name" $'[Unit]\n'
    : >"$CALLS"
    step
    expect_status 0
    expect_call "systemctl daemon-reload"
    refuse_call '^systemctl (start|restart)'
  done
}

@test "does not pass over a unit that systemd was not told of the last time" {
  stub systemctl '[[ $1 != daemon-reload ]]'
  step
  expect_status 1
  stub systemctl
  echo "none /var/data ceph rw 0 0" >>"$MOUNTED"
  : >"$CALLS"
  step
  expect_status 0
  expect_call "systemctl daemon-reload"
  : >"$CALLS"
  step
  refuse_call 'daemon-reload'
}

@test "refuses a mountpoint that holds files, and changes nothing" {
  echo data >"$DATA/.hidden"
  before=$(snapshot "$FILES_ROOT")
  step
  expect_status 1
  [[ "$output" == "node1: /var/data: must be empty before storage is mounted there, holds .hidden; move that elsewhere, and back into the storage once it is mounted" ]]
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl'
}

@test "mounts where the mountpoint is not there yet" {
  rmdir "$DATA"
  step
  expect_status 0
  expect_call "systemctl start --no-block swarmstead-storage.service"
}

@test "says so where the storage does not get mounted, and sees to it in the next run" {
  MOUNTS_AFTER=99 step
  expect_status 1
  [[ "${lines[-1]}" == "node1: /var/data is not mounted after 5 s; mount says nothing; see: journalctl -u swarmstead-storage.service -n 30" ]]
  [[ "$(grep -c '^sleep 1$' "$CALLS")" -eq 5 ]]
  step
  expect_status 0
}

@test "says what mount says, and of a key that is refused what the kernel does" {
  export MOUNTS_AFTER=99
  echo "mount error: no mds server is up or the cluster is laggy" >"$UNITS/said"
  echo "libceph: mon0 (2)10.77.0.11:3300 session established" >"$UNITS/kernel"
  step
  expect_status 1
  [[ "${lines[-1]}" == "node1: /var/data is not mounted after 5 s; mount says mount error: no mds server is up or the cluster is laggy; see: journalctl -u swarmstead-storage.service -n 30" ]]
  expect_call "journalctl --quiet --output=cat --lines=1 --since=-5s _SYSTEMD_UNIT=swarmstead-storage.service"
  printf '%s\n' "libceph: auth protocol 'cephx' msgr authentication failed: -13" "ceph: No mds server is up or the cluster is laggy" >>"$UNITS/kernel"
  step
  expect_status 1
  [[ "${lines[-1]}" == *"laggy; Ceph refuses this machine's key (libceph: auth protocol 'cephx' msgr authentication failed: -13), run ./swarmstead repair, which writes it anew; see: "* ]]
}

@test "says in a check what it would change, and changes nothing" {
  step
  step check
  [[ "$status" -eq 0 && "$output" == "" ]]
  echo more | tee -a "$FILES_ROOT$PROGRAM" "$FILES_ROOT$UNIT" "$FILES_ROOT$DROP_IN" >/dev/null
  rm "$UNITS/enabled"
  : >"$MOUNTED"
  before=$(snapshot "$FILES_ROOT")
  : >"$CALLS"
  step check
  expect_status 0
  diff - /dev/fd/3 3<<<"$output" <<TEXT
$PROGRAM is not as it should be
$UNIT is not as it should be
$DROP_IN is not as it should be
swarmstead-storage.service does not start at boot
/var/data is not mounted
TEXT
  [[ "$(snapshot "$FILES_ROOT")" == "$before" ]]
  refuse_call '^systemctl (start|restart|enable|daemon)'
}

@test "names a value that is missing" {
  expect_missing_named storage/scripts/set-mount.sh \
    MOUNT_POINT PROGRAM PROGRAM_PATH SERVICE UNIT DOCKER_DROP_IN TIMEOUT_SECONDS
}
