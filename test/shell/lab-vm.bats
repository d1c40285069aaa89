#!/usr/bin/env bats
# The lab's VMs and their network, with processes that stand for QEMU and the switch.

setup() {
  load helper
  # Short: the paths of sockets are limited.
  export SWARMSTEAD_STATE
  SWARMSTEAD_STATE=$(mktemp -d /tmp/lab-bats-XXXXXX)
  LAB=$SWARMSTEAD_STATE/lab
  export LAB
  mkdir -p "$LAB/vms" "$LAB/bin" "$BATS_TEST_TMPDIR/image"
  ln -s "$BATS_TEST_TMPDIR/image" "$LAB/image"
  echo tcg >"$LAB/accelerator"
  printf 'LAB_ID=lab-%s\nGATEWAY=10.77.1.2\nOUTSIDE_BOTH=10.77.0.0/23\n' "$(basename "$SWARMSTEAD_STATE")" >"$LAB/network.env"

  printf '#!/usr/bin/perl\nuse Socket;\nsocket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un($ARGV[0]));\n' >"$BIN/make_socket"
  chmod +x "$BIN/make_socket"
  stub vde_switch '
while (($#)); do case $1 in -s) sock=$2 ;; -p) pid=$2 ;; esac; shift; done
mkdir -p "$sock"
make_socket "$sock/ctl"
setsid --fork bash -c '\''echo $$ >"$1"; exec -a "vde_switch -s $2 " sleep 600'\'' run "$pid" "$sock" >/dev/null 2>&1'
  stub genisoimage 'while (($#)); do case $1 in -output) out=$2 ;; esac; folder=$1; shift; done; cat "$folder"/* >"$out"'
  # The gateway's monitor: it says which forwards there are, each of which works unless the file TAKEN names it.
  stub socat '
told=0
while IFS= read -r line; do
  told=$((told + 1))
  echo "$line" >>"$LAB/monitor-lines"
  case $line in
    hostfwd_add*) rule=${line##*tcp:}; here=${rule%%-*}; there=${rule#*-}
      grep -qxF "${here#*:}" "$LAB/taken" 2>/dev/null || echo "${here#*:} ${there%:*} ${there#*:}" >>"$LAB/forwards" ;;
    hostfwd_remove*) touch "$LAB/forwards"; sed -i "/^${line##*:} /d" "$LAB/forwards" ;;
    # What it has not said yet of a long conversation is dropped when that ends.
    "info usernet") ((told <= 4)) || continue
      while read -r a b c; do echo "  TCP[HOST_FORWARD]  12  127.0.0.1 $a  $b $c  0  0"; done <"$LAB/forwards" ;;
    system_powerdown) if [[ ! -e "$LAB/hangs" ]]; then kill "$(cat "$(dirname "${3#UNIX-CONNECT:}")/pid")"; fi ;;
  esac
done'
  cat >"$LAB/bin/qemu-system-x86_64" <<'TEXT'
#!/bin/bash
printf '%s\n' "qemu $*" >>"$CALLS"
[[ -z "${SWARMSTEAD_USER_DATA:-}" ]] || echo "qemu: user-data in the environment" >>"$CALLS"
[[ ! -e "$LAB/broken" ]] || { echo "no such machine"; exit 1; }
for word in "$@"; do
  [[ "$word" != unix:* ]] || { socket=${word#unix:}; socket=${socket%%,*}; }
done
[[ -z "${socket:-}" ]] || make_socket "$socket"
exec -a "qemu $2 " sleep 600
TEXT
  cat >"$LAB/bin/qemu-img" <<'TEXT'
#!/bin/bash
printf '%s\n' "qemu-img $*" >>"$CALLS"
case $1 in
  create) [[ ! -e "$LAB/full" ]] || { echo "no space left" >&2; exit 1; }
    for word in "$@"; do [[ "$word" != *.new ]] || echo disk >"$word"; done ;;
esac
TEXT
  chmod +x "$LAB"/bin/*

  describe node1 10.77.0.11 20001
}

teardown() {
  program network-delete
  rm -rf "$SWARMSTEAD_STATE"
}

# describe NAME ADDRESS PORT  the values that the program gives for a VM
describe() {
  value NAME "$1"
  value MAC 52:54:00:00:00:01
  value ADDRESS "$2"
  value MEMORY_MIB 3072
  value CPUS 2
  value DISK_GIB 20
  value DATA_DISK_GIB 8
  value FORWARDS "$3:22"
  value META_DATA "instance-id: $1-1"
  value NETWORK_CONFIG "version: 2"
  export SWARMSTEAD_USER_DATA="secret of $1"
}

# program VERB [NAME]  as the launcher runs it: without the values of a VM
program() {
  local scripts=$ROOT/components/lab/scripts
  run bash -s -- "$@" < <(cat "$scripts"/lab-process.sh "$scripts"/lab-network.sh "$scripts"/lab-vm.sh)
}

# pulumi_program VERB  as Pulumi runs it
pulumi_program() {
  local scripts=$ROOT/components/lab/scripts
  run bash -s -- "$@" < <(cat "$VALUES" "$scripts"/lab-process.sh "$scripts"/lab-network.sh "$scripts"/lab-vm.sh)
}

pid_of() {
  cat "$LAB/$1/pid" 2>/dev/null || cat "$LAB/$1.pid"
}

is_running() {
  kill -0 "$1" 2>/dev/null
}

@test "create makes disks and seed, forwards the ports and starts the VM in a session of its own" {
  pulumi_program create
  expect_status 0
  expect_call "qemu-img create -q -f qcow2 -F qcow2 -b $BATS_TEST_TMPDIR/image/disk.qcow2 vms/node1/root.qcow2.new 20G"
  expect_call "qemu-img create -q -f qcow2 vms/node1/data.qcow2.new 8G"
  [[ "$(cat "$LAB/vms/node1/seed/user-data")" == "secret of node1" ]]
  [[ "$(cat "$LAB/forwards")" == "20001 10.77.0.11 22" ]]
  pid=$(pid_of vms/node1)
  is_running "$pid"
  [[ "$(ps -o sid= -p "$pid" | tr -d ' ')" == "$pid" ]]
  for fd in 0 1 2; do [[ "$(readlink "/proc/$pid/fd/$fd")" != pipe:* ]]; done
}

@test "the root disk is the first of the guest's, the data disk has a name of its own" {
  pulumi_program create
  grep -qE -- '-device virtio-blk-pci,drive=root,serial=root .*drive=seed,.*-device virtio-blk-pci,drive=data,serial=data' "$CALLS"
}

@test "a VM has as many CPUs as it is given; by itself one where they are emulated, and else two" {
  pulumi_program create
  grep -q -- ' -smp 2 ' "$CALLS"
  value CPUS auto
  for accelerator in tcg kvm; do
    echo "$accelerator" >"$LAB/accelerator"
    program cut node1
    pulumi_program create
  done
  [[ "$(grep -oE -- ' -smp [0-9]+ ' "$CALLS" | tr -d '\n')" == " -smp 2  -smp 1  -smp 2 " ]]
}

@test "files that hold secrets are their owner's alone, and no process is given the user-data" {
  pulumi_program create
  [[ "$(stat -c %a "$LAB/vms/node1")" == 700 ]]
  [[ "$(stat -c %a "$LAB/vms/node1/seed/user-data" "$LAB/vms/node1/seed.iso" | sort -u)" == 600 ]]
  refuse_call 'secret of node1|user-data in the environment'
}

@test "a second create leaves the VM, its disks and the network alone" {
  pulumi_program create
  before="$(pid_of vms/node1) $(pid_of gateway) $(pid_of switch) $(stat -c %Y-%i "$LAB"/vms/node1/*.qcow2)"
  : >"$CALLS"
  pulumi_program create
  expect_status 0
  [[ "$(pid_of vms/node1) $(pid_of gateway) $(pid_of switch) $(stat -c %Y-%i "$LAB"/vms/node1/*.qcow2)" == "$before" ]]
  refuse_call '^(qemu |qemu-img create|vde_switch)'
}

@test "new user-data, as with a new operator key, waits in the seed and leaves the VM alone" {
  pulumi_program create
  before="$(pid_of vms/node1) $(stat -c %Y-%i "$LAB"/vms/node1/*.qcow2)"
  : >"$CALLS"
  export SWARMSTEAD_USER_DATA="another secret"
  pulumi_program create
  expect_status 0
  [[ "$(pid_of vms/node1) $(stat -c %Y-%i "$LAB"/vms/node1/*.qcow2)" == "$before" ]]
  [[ "$(cat "$LAB/vms/node1/seed/user-data")" == "another secret" ]]
  refuse_call '^(qemu |qemu-img create)'
}

@test "a second VM touches nothing of the first" {
  pulumi_program create
  before="$(pid_of vms/node1) $(pid_of gateway) $(pid_of switch)"
  describe node2 10.77.0.12 20002
  pulumi_program create
  expect_status 0
  [[ "$(pid_of vms/node1) $(pid_of gateway) $(pid_of switch)" == "$before" ]]
  [[ "$(sort "$LAB/forwards")" == $'20001 10.77.0.11 22\n20002 10.77.0.12 22' ]]
}

@test "new ports count at once, new memory at the next start, and it says so" {
  pulumi_program create
  before=$(pid_of vms/node1)
  value MEMORY_MIB 4096
  value FORWARDS "20001:22 20009:8080"
  pulumi_program create
  expect_text "node1 runs on as it is: new memory, CPUs and disk sizes count from its next start"
  [[ "$(pid_of vms/node1)" == "$before" ]]
  [[ "$(sort "$LAB/forwards")" == $'20001 10.77.0.11 22\n20009 10.77.0.11 8080' ]]
  program cut node1
  : >"$CALLS"
  program start node1
  expect_status 0
  grep -q '^qemu .*-m 4096 ' "$CALLS"
}

@test "a disk that could not be made is no disk: the next create makes it" {
  touch "$LAB/full"
  pulumi_program create
  [[ "$status" -ne 0 ]]
  [[ ! -e "$LAB/vms/node1/root.qcow2" && ! -e "$LAB/vms/node1/pid" ]]
  rm "$LAB/full"
  pulumi_program create
  expect_status 0
  is_running "$(pid_of vms/node1)"
}

@test "a VM that does not start fails with QEMU's own words" {
  pulumi_program network-create
  touch "$LAB/broken"
  pulumi_program create
  expect_status 1
  expect_text "node1: its VM did not start: no such machine"
}

@test "a port that another program holds is named, with what to do" {
  echo 20001 >"$LAB/taken"
  pulumi_program create
  expect_status 1
  expect_text "node1: port 20001 of this computer is taken by another program (see ss -ltnp 'sport = :20001')"
}

@test "cut ends the VM and keeps its disks, start brings it back and keeps the old serial log" {
  pulumi_program create
  first=$(pid_of vms/node1)
  echo before >"$LAB/vms/node1/serial.log"
  program cut node1
  expect_status 0
  ! is_running "$first"
  [[ -e "$LAB/vms/node1/root.qcow2" ]]
  program start node1
  expect_status 0
  is_running "$(pid_of vms/node1)"
  [[ "$(cat "$LAB/vms/node1/serial.log.1")" == before ]]
}

@test "stop asks the guest to shut down" {
  pulumi_program create
  pid=$(pid_of vms/node1)
  program stop node1
  expect_status 0
  grep -qx system_powerdown "$LAB/monitor-lines"
  ! is_running "$pid"
  [[ -z "$output" ]]
}

@test "a pid file that is another's by now is nobody: start starts, cut kills nothing" {
  pulumi_program create
  program cut node1
  sleep 600 &
  stranger=$!
  echo "$stranger" >"$LAB/vms/node1/pid"
  program cut node1
  is_running "$stranger"
  echo "$stranger" >"$LAB/vms/node1/pid"
  program start node1
  expect_status 0
  [[ "$(pid_of vms/node1)" != "$stranger" ]]
  is_running "$stranger"
  kill "$stranger"
}

@test "a gateway that ended is started anew, with the forwards of all that runs" {
  pulumi_program create
  describe node2 10.77.0.12 20002
  pulumi_program create
  kill -9 "$(pid_of gateway)"
  rm "$LAB/forwards"
  program network-create
  expect_status 0
  is_running "$(pid_of gateway)"
  [[ "$(sort "$LAB/forwards")" == $'20001 10.77.0.11 22\n20002 10.77.0.12 22' ]]
}

@test "the entry's address has its forwards from the network's start on, whichever VM runs" {
  printf 'ENTRY_ADDRESS=10.77.0.10\nENTRY_FORWARDS="20080:80 20443:443"\n' >>"$LAB/network.env"
  program network-create
  expect_status 0
  [[ "$(sort "$LAB/forwards")" == $'20080 10.77.0.10 80\n20443 10.77.0.10 443' ]]
  : >"$LAB/monitor-lines"
  pulumi_program create
  program delete node1
  expect_status 0
  [[ "$(sort "$LAB/forwards")" == $'20080 10.77.0.10 80\n20443 10.77.0.10 443' ]]
  [[ -z "$(grep -E '20080|20443' "$LAB/monitor-lines" || true)" ]]
  kill -9 "$(pid_of gateway)"
  rm "$LAB/forwards"
  program network-create
  [[ "$(sort "$LAB/forwards")" == $'20080 10.77.0.10 80\n20443 10.77.0.10 443' ]]
}

@test "an entry's forwards come, go elsewhere and end while VMs run on" {
  pulumi_program create
  pid=$(pid_of vms/node1)
  cp "$LAB/network.env" "$LAB/without.env"
  for address in 10.77.0.10 10.77.0.99; do
    { cat "$LAB/without.env" && printf 'ENTRY_ADDRESS=%s\nENTRY_FORWARDS=20080:80\n' "$address"; } >"$LAB/network.env"
    program start node1
    expect_status 0
    [[ "$(sort "$LAB/forwards")" == "20001 10.77.0.11 22"$'\n'"20080 $address 80" ]]
  done
  { cat "$LAB/without.env" && printf 'ENTRY_ADDRESS=\nENTRY_FORWARDS=\n'; } >"$LAB/network.env"
  program start node1
  [[ "$(cat "$LAB/forwards")" == "20001 10.77.0.11 22" ]]
  is_running "$pid"
}

@test "a port of the entry's that another program holds is named" {
  printf 'ENTRY_ADDRESS=10.77.0.10\nENTRY_FORWARDS="20080:80"\n' >>"$LAB/network.env"
  echo 20080 >"$LAB/taken"
  program network-create
  expect_status 1
  expect_text "entry: port 20080 of this computer is taken by another program"
  rm "$LAB/taken"
  program network-create
  expect_status 0
  [[ "$(cat "$LAB/forwards")" == "20080 10.77.0.10 80" ]]
}

@test "VMs whose switch ended are named, as they have no network any more" {
  pulumi_program create
  kill -9 "$(pid_of switch)"
  program network-create
  expect_status 0
  expect_text "these VMs have no network until they are started anew: ./swarmstead power off node1"
}

@test "delete leaves nothing of the VM, and the others alone" {
  pulumi_program create
  first=$(pid_of vms/node1)
  describe node2 10.77.0.12 20002
  pulumi_program create
  program delete node1
  expect_status 0
  ! is_running "$first"
  [[ ! -e "$LAB/vms/node1" ]]
  is_running "$(pid_of vms/node2)"
  [[ "$(cat "$LAB/forwards")" == "20002 10.77.0.12 22" ]]
  program delete node1
  expect_status 0
}

@test "two runs at once start one VM" {
  pulumi_program create
  program cut node1
  : >"$CALLS"
  scripts=$ROOT/components/lab/scripts
  for _ in 1 2; do
    cat "$scripts"/lab-process.sh "$scripts"/lab-network.sh "$scripts"/lab-vm.sh | bash -s -- start node1 3>&- &
  done
  wait
  [[ "$(grep -c "^qemu -name lab-vm-" "$CALLS")" == 1 ]]
  is_running "$(pid_of vms/node1)"
}

@test "what outlives a run does not carry its mark, and no lock" {
  export SWARMSTEAD_RUN="1.1 $SWARMSTEAD_STATE"
  pulumi_program create
  expect_status 0
  for name in vms/node1 gateway switch; do
    pid=$(pid_of "$name")
    [[ "$(tr '\0' '\n' <"/proc/$pid/environ")" != *SWARMSTEAD_RUN=* ]]
    [[ "$(readlink "/proc/$pid"/fd/*)" != *.lock* ]]
  done
}

@test "deleting the network ends every process and removes every VM" {
  pulumi_program create
  pids="$(pid_of vms/node1) $(pid_of gateway) $(pid_of switch)"
  program network-delete
  expect_status 0
  for pid in $pids; do ! is_running "$pid"; done
  [[ -z "$(ls "$LAB/vms")" && ! -e "$LAB/switch" && ! -e "$LAB/gateway.monitor" ]]
}

@test "in a deep checkout the switch's sockets are elsewhere, and are removed with it" {
  deep=$SWARMSTEAD_STATE/$(printf 'deep/%.0s' {1..20})
  mkdir -p "$deep"
  mv "$LAB" "$deep/lab"
  ln -s "$deep/lab" "$LAB"
  SWARMSTEAD_STATE=$deep pulumi_program create
  expect_status 0
  id=$(sed -n 's/^LAB_ID=//p' "$LAB/network.env")
  [[ -S "/tmp/$id/ctl" ]]
  SWARMSTEAD_STATE=$deep program network-delete
  [[ ! -e "/tmp/$id" ]]
}

@test "where there is no lab any more, deleting succeeds and starting says what to do" {
  rm "$LAB/network.env"
  for verb in "delete node1" "cut node1" "stop node1" network-stop network-delete; do
    # shellcheck disable=SC2086 # two words by intention
    program $verb
    expect_status 0
  done
  program start node1
  expect_status 1
  expect_text "run ./swarmstead up"
}

@test "a name without a VM is told what makes one" {
  program start node7
  expect_status 1
  expect_text "node7: is not made yet; run ./swarmstead up"
}

@test "a value that is missing is named" {
  STEP=pulumi_create expect_missing_named "" MAC ADDRESS MEMORY_MIB CPUS DISK_GIB DATA_DISK_GIB FORWARDS META_DATA NETWORK_CONFIG
}

pulumi_create() {
  pulumi_program create
}
