#!/usr/bin/env bats
# The first thing that is asked of a machine.

# shellcheck disable=SC2016,SC2034 # a stub's text is for the stub; the helper reads LIBRARIES
setup() {
  load helper
  LIBRARIES=(lib/scripts/disks.sh)
  value NAME node1
  value ADDRESS 10.77.0.11
  value PROGRAMS ""
  value SERVERS ""
  value MEMORY_MIB 0
  value DISKS ""
  value WIPE ""
  export FILES_ROOT=$BATS_TEST_TMPDIR
  RUN=$FILES_ROOT/run/cloud-init
  mkdir -p "$RUN"
  touch "$RUN/enabled"
  echo '{"v1": {"datasource": "DataSourceNoCloud", "errors": []}}' >"$RUN/result.json"
  stub hostname 'case "$*" in -I) echo "192.0.2.1 10.77.0.110" ;; *) echo node1 ;; esac'
  stub ip 'echo "lan UP 10.77.0.11/24"'
  for program in curl docker chronyd nft iptables sshd systemctl; do
    stub "$program"
  done
}

step() {
  run_step host/scripts/first-contact.sh
}

@test "answers where everything is as meant, and only looks" {
  step
  expect_status 0
  [[ "$output" == "node1 answers" ]]
  sort -u "$CALLS" | diff - /dev/fd/3 3<<<$'hostname\nip -brief -4 address show'
}

@test "waits for the first boot before it asks anything else" {
  mv "$RUN/result.json" "$RUN/later"
  (
    sleep 2
    wc -l <"$CALLS" >"$RUN/calls"
    mv "$RUN/later" "$RUN/result.json"
  ) &
  step
  expect_status 0
  [[ "$(cat "$RUN/calls")" == 0 ]]
}

@test "waits for no cloud-init where none has anything to do" {
  rm "$RUN/enabled" "$RUN/result.json"
  step
  expect_status 0
}

@test "says so where the first boot does not end" {
  rm "$RUN/result.json"
  BOOT_SECONDS=1 step
  expect_status 1
  [[ "$output" == "node1: cloud-init did not finish within 1 s; see: /var/log/cloud-init.log on it" ]]
}

@test "says so where the first boot failed" {
  echo '{"v1": {"errors": ["no user", "no key"]}}' >"$RUN/result.json"
  step
  expect_status 1
  [[ "$output" == "node1: cloud-init ended with errors: no user; no key" ]]
}

@test "does not take another machine for this one" {
  stub hostname 'echo node7'
  step
  expect_status 1
  [[ "$output" == "node1: host name: must be node1, got node7; it is another machine or was renamed" ]]
}

@test "does not take a longer address for the wanted one" {
  stub ip 'echo "lan UP 10.77.0.110/24"'
  step
  expect_status 1
  [[ "$output" == "node1: address: must have 10.77.0.11, has 192.0.2.1 10.77.0.110" ]]
}

@test "takes the dots of the address for dots" {
  stub ip 'echo "lan UP 10.77.0911/24 10.77.0.111/24 10.7700.11"'
  value ADDRESS 10.77.0.11
  step
  expect_status 1
}

# step_with PROGRAM…  with these of this computer's programs alone, beside the stubs
step_with() {
  local program
  for program in "$@"; do
    ln -s "$(command -v "$program")" "$BIN/$program"
  done
  PATH=$BIN run_step host/scripts/first-contact.sh
}

@test "names every program that is missing" {
  rm "$BIN/chronyd" "$BIN/iptables"
  step_with bash cat grep jq
  expect_status 1
  expect_text "node1: programs missing: chronyd iptables; install Debian's curl, jq, docker.io, chrony, nftables, iptables and openssh-server"
}

@test "names jq, which it needs itself, where that is missing" {
  step_with bash cat grep
  expect_status 1
  expect_text "node1: programs missing: jq; install"
}

@test "names a program that the storage needs, and its package" {
  value PROGRAMS $'mount.nowhere nowhere-common\nmount.here here-common'
  stub mount.here
  step
  expect_status 1
  expect_text "node1: programs missing: mount.nowhere; install Debian's here-common, nowhere-common, curl"
}

@test "names a server that does not answer, and asks none where it only checks" {
  # Nothing listens on the port of a server that has ended.
  value SERVERS "127.0.0.1 1"
  step
  expect_status 1
  expect_text "storage.server: 127.0.0.1 does not answer on TCP port 1; start its server, or let this machine's address in there"
  run_step host/scripts/first-contact.sh check
  expect_status 0
}

@test "is content with a server that answers" {
  node -e 'require("node:net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port) })' >"$RUN/port" 3>&- &
  local server=$!
  until [[ -s "$RUN/port" ]]; do sleep 0.1; done
  value SERVERS "127.0.0.1 $(cat "$RUN/port")"
  step
  kill "$server"
  expect_status 0
}

@test "names the memory that is too little, and allows for what the kernel keeps" {
  mkdir -p "$FILES_ROOT/proc"
  value MEMORY_MIB 2816
  printf 'MemTotal: %s kB\nMemFree: 1 kB\n' $((2675 * 1024)) >"$FILES_ROOT/proc/meminfo"
  step
  expect_status 0
  printf 'MemTotal: %s kB\nMemFree: 9999999 kB\n' $((2674 * 1024)) >"$FILES_ROOT/proc/meminfo"
  step
  expect_status 1
  [[ "$output" == "node1: memory: must be 2816 MiB for this machine's part of the storage and what runs beside it, has 2674; give it more, or lower storage.osdMemoryMiB" ]]
}

@test "tells all that is wrong at once" {
  mkdir -p "$FILES_ROOT/proc"
  echo 'MemTotal: 1024 kB' >"$FILES_ROOT/proc/meminfo"
  value MEMORY_MIB 2816
  value SERVERS $'127.0.0.1 1\n127.0.0.1 2'
  value DISKS $'/dev/disk/by-id/one a\n/dev/disk/by-id/two b'
  LIBRARIES+=(ceph/scripts/osds.sh)
  stub ceph-bluestore-tool 'exit 1'
  step
  expect_status 1
  [[ "${#lines[@]}" -eq 5 ]]
  expect_text "node1: storage.server: 127.0.0.1 does not answer on TCP port 2;"
  expect_text "node1: memory: must be 2816 MiB"
  expect_text "node1: /dev/disk/by-id/one: must be a disk of this machine; there are: none"
  expect_text "node1: /dev/disk/by-id/two: must be a disk"
}

@test "names a value that is missing" {
  expect_missing_named host/scripts/first-contact.sh NAME ADDRESS MEMORY_MIB
}
