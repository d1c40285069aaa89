#!/usr/bin/env bash
# Runs inside the fresh root of the base image, before it becomes a disk: what makes a lab machine quick to boot, and
# free of any identity.
set -euo pipefail

# Docker waits for its settings, since a start costs seconds; the address's daemon stays off until its layer is built.
choose_services() {
  mkdir -p /etc/systemd/system/docker.service.d
  printf '[Unit]\nConditionPathExists=/etc/docker/daemon.json\n' >/etc/systemd/system/docker.service.d/lab.conf
  systemctl disable --quiet keepalived.service containerd.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
    fstrim.timer systemd-networkd-wait-online.service
  systemctl mask --quiet ceph-crash.service nvmf-autoconnect.service dev-hugepages.mount sys-kernel-debug.mount \
    sys-kernel-tracing.mount lvm2-monitor.service lvm2-lvmpolld.socket blk-availability.service \
    modprobe@configfs.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service
  systemctl enable --quiet systemd-networkd.service ssh.service
}

configure_cloud_init() {
  # Its modules are Python, each of which costs seconds where the processor is emulated.
  cat >/etc/cloud/cloud.cfg.d/90-lab.cfg <<'TEXT'
datasource_list: [NoCloud, None]
cloud_init_modules: [growpart, resizefs, set_hostname, update_hostname, users_groups, ssh]
cloud_config_modules: []
cloud_final_modules: []
TEXT
}

configure_journal() {
  mkdir -p /etc/systemd/journald.conf.d
  printf '[Journal]\nStorage=persistent\nSystemMaxUse=64M\n' >/etc/systemd/journald.conf.d/lab.conf
}

# Wanted by the kernel command line of the one boot that finishes the image; removes itself, and Docker's settings.
add_loader() {
  mkdir -p /etc/docker
  echo '{}' >/etc/docker/daemon.json
  chmod 755 /usr/local/lib/load-images
  cat >/etc/systemd/system/load-images.service <<'TEXT'
[Unit]
Description=Load container images into the base image
Wants=docker.service
After=docker.service
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=oneshot
ExecStart=/usr/local/lib/load-images
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
TEXT
}

# The disk's driver and file system, and nothing else.
make_initrd() {
  printf 'MODULES=list\nCOMPRESS=gzip\nRESUME=none\n' >/etc/initramfs-tools/conf.d/lab
  printf 'virtio_pci\nvirtio_blk\nvirtio_net\next4\n' >/etc/initramfs-tools/modules
  update-initramfs -u -k all
  cp /boot/vmlinuz-* /boot/vmlinuz
  cp /boot/initrd.img-* /boot/initrd
}

remove_identity() {
  rm -f /etc/ssh/ssh_host_* /etc/hostname /var/lib/dbus/machine-id /etc/docker/key.json
  : >/etc/machine-id
  printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >/etc/hosts
  : >/etc/resolv.conf
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
}

main() {
  add_loader
  choose_services
  configure_cloud_init
  configure_journal
  make_initrd
  remove_identity
}

main "$@" </dev/null
