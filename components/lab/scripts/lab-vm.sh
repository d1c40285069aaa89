#!/usr/bin/env bash
# A VM of the lab; follows lab-process.sh and lab-network.sh. Needs no root.
#
# Arguments: create               make the VM that the values below describe, and start it
#            delete [NAME]        end it and remove its disks
#            start|stop|cut NAME  start one that exists, shut it down in order, end it as a pulled plug would
#            network-create, network-stop, network-delete
#
# Reads: NAME                   name of the VM
#        MAC ADDRESS            its network card and IPv4 address
#        MEMORY_MIB CPUS DISK_GIB DATA_DISK_GIB    CPUS may be `auto`
#        FORWARDS               `<port here>:<port there>` each, separated by spaces
#        META_DATA NETWORK_CONFIG                texts of the cloud-init seed
#        SWARMSTEAD_USER_DATA   user-data, by environment as it holds the host key
#
# A VM's folder holds all that a start needs. Every verb may be interrupted and run again; a VM that runs is left alone.
set -euo pipefail

SHUTDOWN_SECONDS=120
PRESS_SECONDS=20

# QEMU 10 aborts now and then while a guest sets up its devices on several emulated processors ("iotlb_to_section:
# Assertion ... failed", exit code 134). To the machine that is a reset, after which it boots again. Whoever ends this
# process ends QEMU with it.
# shellcheck disable=SC2016 # expanded by the process itself
AGAIN_AFTER_ABORT='while true; do setpriv --pdeathsig KILL "$@"; code=$?; [[ $code -eq 134 ]] || exit "$code"; done'

write_settings() {
  local folder=$1 name
  for name in MAC ADDRESS MEMORY_MIB CPUS DISK_GIB DATA_DISK_GIB FORWARDS; do
    printf '%s=%q\n' "$name" "${!name}"
  done >"$folder/vm.env.new"
  if [[ -e "$folder/vm.env" ]] && ! cmp -s "$folder/vm.env" "$folder/vm.env.new"; then
    (
      # shellcheck source=/dev/null
      source "$folder/vm.env"
      with_network_lock drop_forwards "$FORWARDS"
    )
    if running_pid "$folder/pid" "$(vm_mark "$NAME")" >/dev/null; then
      with_network_lock forward_ports "$NAME" "$ADDRESS" "$FORWARDS"
      echo "$NAME runs on as it is: new memory, CPUs and disk sizes count from its next start (./swarmstead down, then up)"
    fi
  fi
  mv "$folder/vm.env.new" "$folder/vm.env"
}

write_seed() {
  local folder=$1
  mkdir -p "$folder/seed"
  printf '%s' "$SWARMSTEAD_USER_DATA" >"$folder/seed/user-data"
  unset SWARMSTEAD_USER_DATA
  printf '%s' "$META_DATA" >"$folder/seed/meta-data"
  printf '%s' "$NETWORK_CONFIG" >"$folder/seed/network-config"
  genisoimage -quiet -output "$folder/seed.iso.new" -volid cidata -joliet -rock "$folder/seed" 2>"$folder/seed.log" ||
    fail "$NAME: its seed cannot be written: $(cat "$folder/seed.log")"
  mv "$folder/seed.iso.new" "$folder/seed.iso"
}

# Each disk appears under its name only when it is whole.
make_disks() {
  local folder=$1 image
  if [[ ! -e "$folder/root.qcow2" ]]; then
    image=$(readlink -f image)
    ln -sfn "$image" "$folder/image"
    bin/qemu-img create -q -f qcow2 -F qcow2 -b "$image/disk.qcow2" "$folder/root.qcow2.new" "${DISK_GIB}G"
    mv "$folder/root.qcow2.new" "$folder/root.qcow2"
  fi
  if [[ "$DATA_DISK_GIB" != 0 && ! -e "$folder/data.qcow2" ]]; then
    bin/qemu-img create -q -f qcow2 "$folder/data.qcow2.new" "${DATA_DISK_GIB}G"
    mv "$folder/data.qcow2.new" "$folder/data.qcow2"
  fi
}

create_vm() {
  local folder=vms/$NAME
  : "${MAC:?}" "${ADDRESS:?}" "${MEMORY_MIB:?}" "${CPUS:?}" "${DISK_GIB:?}" "${DATA_DISK_GIB:?}" "${FORWARDS:?}"
  : "${META_DATA:?}" "${NETWORK_CONFIG:?}" "${SWARMSTEAD_USER_DATA:?}"
  mkdir -p "$folder"
  write_settings "$folder"
  write_seed "$folder"
  make_disks "$folder"
  start_vm
}

# A disk only grows; the guest's file system follows at boot.
grow_disk() {
  local words
  if ! words=$(bin/qemu-img resize -q "$1" "$2G" 2>&1); then
    [[ "$words" == *shrink* ]] || fail "$NAME: $words"
    echo "$NAME: $(basename "$1") stays larger than the $2 GiB that are asked for: a disk only grows"
  fi
}

start_vm() {
  local folder=vms/$NAME mark cpus args
  mark=$(vm_mark "$NAME")
  [[ -e "$folder/root.qcow2" ]] || fail "$NAME: is not made yet; run ./swarmstead up"
  with_network_lock ensure_network
  if running_pid "$folder/pid" "$mark" >/dev/null; then
    return
  fi
  # shellcheck source=/dev/null
  source "$folder/vm.env"
  if [[ -e "$folder/serial.log" ]]; then mv "$folder/serial.log" "$folder/serial.log.1"; fi
  rm -f "$folder/monitor" "$folder/pid"
  with_network_lock forward_ports "$NAME" "$ADDRESS" "$FORWARDS"
  cpus=$(count_cpus)
  args=(-name "$mark" -machine q35 -smp "$cpus" -m "$MEMORY_MIB" -nodefaults -display none
    -serial "file:$PWD/$folder/serial.log" -monitor "unix:$folder/monitor,server=on,wait=off"
    -kernel "$folder/image/vmlinuz" -initrd "$folder/image/initrd"
    -append "root=/dev/vda rw console=ttyS0 quiet loglevel=4 mitigations=off apparmor=0 selinux=0 audit=0 nowatchdog net.ifnames=0 systemd.show_status=0 panic=10"
    -device virtio-rng-pci -netdev "vde,id=lan,sock=$(switch_folder)" -device "virtio-net-pci,netdev=lan,mac=$MAC")
  grow_disk "$folder/root.qcow2" "$DISK_GIB"
  # Their order is the order of their names in the guest: the root's is vda.
  add_disk root "$folder/root.qcow2" format=qcow2,cache=unsafe,discard=unmap
  add_disk seed "$folder/seed.iso" format=raw,readonly=on
  if [[ -e "$folder/data.qcow2" ]]; then
    grow_disk "$folder/data.qcow2" "$DATA_DISK_GIB"
    # Behind a port of its own, so that it can be pulled out of the running machine.
    args+=(-device "pcie-root-port,id=data-port,chassis=1")
    add_disk data "$folder/data.qcow2" format=qcow2,cache=unsafe,discard=unmap ,id=data,bus=data-port
  fi
  # The same as in accelerator.ts.
  if [[ "$(cat accelerator)" == kvm ]]; then
    args+=(-accel kvm -cpu host)
  else
    args+=(-accel "tcg,thread=multi,tb-size=512" -cpu Westmere)
  fi
  start_detached "$folder/pid" "$folder/qemu.log" bash -c "$AGAIN_AFTER_ABORT" qemu \
    "$PWD/bin/qemu-system-x86_64" "${args[@]}"
  wait_for_socket "$folder/monitor" "$folder/pid" "$mark" || fail "$NAME: its VM did not start: $(cat "$folder/qemu.log")"
}

# The serial number is the disk's name under /dev/disk/by-id, after `virtio-`.
add_disk() {
  args+=(-drive "if=none,id=$1,file=$2,$3" -device "virtio-blk-pci,drive=$1,serial=$1${4:-}")
}

# Emulated processors that share few real ones wait for each other's locks: three machines of one each boot in 120 s where
# two real ones carry them, three of two each in 155 s.
count_cpus() {
  if [[ "$CPUS" != auto ]]; then
    echo "$CPUS"
  elif [[ "$(cat accelerator)" == kvm ]]; then
    echo 2
  else
    echo 1
  fi
}

cut_vm() {
  cut_process "vms/$NAME/pid" "$(vm_mark "$NAME")"
}

stop_vm() {
  local pid presses=$((SHUTDOWN_SECONDS / PRESS_SECONDS))
  while pid=$(running_pid "vms/$NAME/pid" "$(vm_mark "$NAME")"); do
    if ((presses == 0)); then
      echo "$NAME: did not shut down in $SHUTDOWN_SECONDS s; its power is cut" >&2
      break
    fi
    # A machine that is still booting does not hear the power button, so it is pressed again.
    tell_monitor "vms/$NAME/monitor" system_powerdown >/dev/null
    wait_for_end "$PRESS_SECONDS" "$pid" || presses=$((presses - 1))
  done
  cut_vm
}

delete_vm() {
  cut_vm
  if [[ -e "vms/$NAME/vm.env" ]]; then
    # shellcheck source=/dev/null
    source "vms/$NAME/vm.env"
    with_network_lock drop_forwards "$FORWARDS"
  fi
  rm -rf "vms/$NAME"
}

main() {
  local verb=$1
  NAME=${2:-${NAME:-}}
  if ! enter_lab; then
    [[ "$verb" =~ ^(stop|cut|delete|network-stop|network-delete)$ ]] || fail "this computer is not ready for it; run ./swarmstead up"
    return
  fi
  case $verb in
    network-create) with_network_lock ensure_network ;;
    network-stop) with_network_lock end_network ;;
    network-delete) with_network_lock delete_network ;;
    create | start | stop | cut | delete)
      : "${NAME:?}"
      # A run that was interrupted may still be at this VM. A pulled plug waits for nothing.
      exec 9>"vm-$NAME.lock"
      [[ "$verb" == cut ]] || flock 9
      "${verb}_vm"
      ;;
    *) fail "verb: must be create, start, stop, cut, delete, network-create, network-stop or network-delete, got $verb" ;;
  esac
}

main "$@" </dev/null
