#!/usr/bin/env bash
# Bakes the base image of the lab's machines: a disk, a kernel and an initial file system, from packages alone.
#
# Reads: OUTPUT       folder that appears when everything in it is whole
#        SCRIPTS      folder of this script
#        QEMU_BIN     folder of qemu-system-x86_64 and qemu-img
#        ACCELERATOR  arguments that choose QEMU's accelerator
#        SUITE        Debian's release
#        PACKAGES     packages, separated by commas
#        IMAGES       container images, as build-images.sh reads them
#
# Needs no root, where the user has subordinate ids. Works in a folder beside OUTPUT, so that an interrupted bake is
# never used; what such a bake left behind is removed by the next.
set -euo pipefail

say() {
  echo "STEP $1"
}

# Runs a command as root of a user namespace where this user is not root, so that a file's owner can be anybody.
as_root() {
  if [[ "$(id -u)" == 0 ]]; then "$@"; else unshare --map-root-user --map-auto "$@"; fi
}

make_root() {
  say "installing Debian packages"
  local mode=unshare
  [[ "$(id -u)" != 0 ]] || mode=root
  tar -C images -cf images.tar .
  # shellcheck disable=SC2016 # the hooks are expanded by mmdebstrap's shell
  mmdebstrap --mode="$mode" --variant=minbase --include="$PACKAGES" --format=tar \
    --aptopt='Acquire::Retries "3"' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --customize-hook="upload '$SCRIPTS/load-images.sh' /usr/local/lib/load-images" \
    --customize-hook='mkdir -p "$1/var/lib/bake"' \
    --customize-hook="tar-in images.tar /var/lib/bake" \
    --customize-hook="upload '$SCRIPTS/customize-root.sh' /tmp/customize-root" \
    --customize-hook='chroot "$1" bash /tmp/customize-root && rm "$1/tmp/customize-root"' \
    --customize-hook='download /boot/vmlinuz vmlinuz' \
    --customize-hook='download /boot/initrd initrd' \
    "$SUITE" root.tar
}

make_disk() {
  say "making the disk"
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_root bash -c '
    mkdir root && tar -C root --numeric-owner --exclude="./dev/*" -xf root.tar &&
    truncate -s 6G disk.raw &&
    mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 -m 0 -d root disk.raw && rm -rf root'
  rm root.tar
}

# Container images are loaded by the disk's own Docker, in a VM without a network.
load_images() {
  say "loading the container images"
  # shellcheck disable=SC2086 # several words by intention
  timeout 1200 "$QEMU_BIN/qemu-system-x86_64" $ACCELERATOR -machine q35 -smp 2 -m 2048 -nodefaults -display none -no-reboot \
    -serial file:serial.log -kernel vmlinuz -initrd initrd \
    -append "root=/dev/vda rw console=ttyS0 quiet mitigations=off apparmor=0 net.ifnames=0 panic=-1 cloud-init=disabled systemd.wants=load-images.service systemd.mask=systemd-networkd-wait-online.service systemd.mask=ssh.service" \
    -device virtio-rng-pci -drive file=disk.raw,format=raw,if=virtio,cache=unsafe,discard=unmap </dev/null
  grep -q 'container images are loaded' serial.log || {
    tail -n 20 serial.log >&2
    echo "the container images could not be loaded" >&2
    exit 1
  }
}

compress_disk() {
  say "packing the disk"
  "$QEMU_BIN/qemu-img" convert -O qcow2 disk.raw disk.qcow2
  rm disk.raw
}

main() {
  : "${OUTPUT:?}" "${SCRIPTS:?}" "${QEMU_BIN:?}" "${ACCELERATOR:?}" "${SUITE:?}" "${PACKAGES:?}" "${IMAGES:?}"
  mkdir -p "$(dirname "$OUTPUT")"
  exec 7>"$(dirname "$OUTPUT")/bake.lock"
  flock 7
  [[ ! -d "$OUTPUT" ]] || return 0
  WORK=$OUTPUT.unfinished
  as_root rm -rf "$(dirname "$OUTPUT")"/*.unfinished
  mkdir "$WORK"
  # mmdebstrap's unprivileged user has to reach it.
  chmod 755 "$WORK"
  cd "$WORK"
  mkdir images
  (cd images && bash "$SCRIPTS/build-images.sh")
  make_root
  make_disk
  load_images
  compress_disk
  rm -rf images images.tar serial.log
  mv "$WORK" "$OUTPUT"
}

main "$@" </dev/null
