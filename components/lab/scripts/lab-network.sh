#!/usr/bin/env bash
# The switch and the gateway that a lab's VMs share; follows lab-process.sh.
#
# The gateway is a QEMU without a CPU: a user-mode network on a port of the switch. It leads nowhere but from the ports of
# this computer that are forwarded. Every VM brings its forwards when it starts, so a new one touches nothing of the
# others; those of the entry's address belong to no VM, and are there as long as the gateway is. A second start leaves alone what
# runs.
#
# From network.env: ENTRY_ADDRESS, empty where the environment has no entry, and ENTRY_FORWARDS as a VM's.
set -euo pipefail

# Runs a function while no other run acts on the network.
with_network_lock() {
  exec 8>network.lock
  flock 8
  "$@"
  exec 8>&-
}

# The folder of the switch's sockets. A socket's path may be 107 bytes long at most, which a deep checkout exceeds.
switch_folder() {
  local folder=$PWD/switch
  ((${#folder} < 80)) || folder=/tmp/$LAB_ID
  echo "$folder"
}

vm_mark() {
  echo "lab-vm-$LAB_ID-$1"
}

list_running_vms() {
  local folder name
  for folder in vms/*/; do
    name=$(basename "$folder")
    if running_pid "$folder/pid" "$(vm_mark "$name")" >/dev/null; then echo "$name"; fi
  done
}

# With -d it goes to a session of its own; without, it ends as soon as its stdin does.
start_switch() {
  local folder cut_off
  folder=$(switch_folder)
  if running_pid switch.pid "vde_switch -s $folder" >/dev/null; then
    return
  fi
  cut_process gateway.pid "lab-gateway-$LAB_ID"
  rm -rf "$folder" switch.pid
  vde_switch -s "$folder" -n 256 -m 600 -d -p "$PWD/switch.pid" </dev/null >switch.log 2>&1 8>&- 9>&- ||
    fail "the switch did not start: $(cat switch.log)"
  wait_for_socket "$folder/ctl" switch.pid "vde_switch -s $folder" || fail "the switch did not start: $(cat switch.log)"
  [[ -O "$folder" ]] || fail "$folder: belongs to another user; remove it"
  cut_off=$(list_running_vms | tr '\n' ' ')
  if [[ -n "$cut_off" ]]; then
    echo "lab: the switch had ended; these VMs have no network until they are started anew: ./swarmstead power off $cut_off, then on" >&2
  fi
}

start_gateway() {
  local mark="lab-gateway-$LAB_ID" name
  if running_pid gateway.pid "$mark" >/dev/null; then
    return
  fi
  rm -f gateway.monitor gateway.pid entry.forwards
  start_detached gateway.pid gateway.log "$PWD/bin/qemu-system-x86_64" -name "$mark" -machine none -nodefaults \
    -display none -monitor unix:gateway.monitor,server=on,wait=off -netdev "vde,id=v,sock=$(switch_folder)" \
    -netdev "user,id=u,net=$OUTSIDE_BOTH,host=$GATEWAY,restrict=on,ipv6=off" \
    -netdev hubport,hubid=0,id=h0,netdev=v -netdev hubport,hubid=0,id=h1,netdev=u
  wait_for_socket gateway.monitor gateway.pid "$mark" || fail "the gateway did not start: $(cat gateway.log)"
  for name in $(list_running_vms); do
    # shellcheck source=/dev/null
    source "vms/$name/vm.env"
    # shellcheck disable=SC2153 # from vm.env
    forward_ports "$name" "$ADDRESS" "$FORWARDS"
  done
}

ensure_network() {
  start_switch
  start_gateway
  forward_entry
}

# Forwards ports of this computer, each `<port here>:<port there>`, to a VM.
forward_ports() {
  local name=$1 address=$2 forward here answer
  # Each by itself: QEMU drops what it has not said yet of a long conversation when that ends.
  for forward in $3; do
    here=tcp:127.0.0.1:${forward%:*}
    tell_monitor gateway.monitor "hostfwd_remove u $here" "hostfwd_add u $here-$address:${forward#*:}" >/dev/null
  done
  answer=$(tell_monitor gateway.monitor "info usernet")
  for forward in $3; do
    grep -qE "HOST_FORWARD\] +[0-9]+ +127\.0\.0\.1 +${forward%:*} +${address//./\\.} +${forward#*:} " <<<"$answer" ||
      fail "$name: port ${forward%:*} of this computer is taken by another program (see ss -ltnp 'sport = :${forward%:*}'); end that, then run the command again"
  done
}

# What the gateway was told last stands in a file, as an entry may come, go, or have another address.
forward_entry() {
  local wanted="${ENTRY_ADDRESS:+$ENTRY_ADDRESS $ENTRY_FORWARDS}" present=""
  [[ ! -e entry.forwards ]] || present=$(cat entry.forwards)
  [[ "$present" != "$wanted" ]] || return 0
  if [[ -n "$present" ]]; then
    drop_forwards "${present#* }"
    rm entry.forwards
  fi
  if [[ -n "$wanted" ]]; then
    forward_ports entry "$ENTRY_ADDRESS" "$ENTRY_FORWARDS"
    echo "$wanted" >entry.forwards
  fi
}

drop_forwards() {
  local forward commands=()
  for forward in $1; do
    commands+=("hostfwd_remove u tcp:127.0.0.1:${forward%:*}")
  done
  if running_pid gateway.pid "lab-gateway-$LAB_ID" >/dev/null; then
    tell_monitor gateway.monitor "${commands[@]}" >/dev/null
  fi
}

end_network() {
  cut_process gateway.pid "lab-gateway-$LAB_ID"
  cut_process switch.pid "vde_switch -s $(switch_folder)"
  rm -rf gateway.monitor "$(switch_folder)"
}

# Without the network no VM is left.
delete_network() {
  local folder
  for folder in vms/*/; do
    if [[ -d "$folder" ]]; then
      cut_process "$folder/pid" "$(vm_mark "$(basename "$folder")")"
      rm -rf "$folder"
    fi
  done
  end_network
}
