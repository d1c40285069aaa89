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
    fstrim.timer systemd-networkd-wait-online.service nfs-server.service nfs-client.target nfs-blkmap.service
  systemctl mask --quiet ceph-crash.service nvmf-autoconnect.service dev-hugepages.mount sys-kernel-debug.mount \
    sys-kernel-tracing.mount lvm2-monitor.service lvm2-lvmpolld.socket blk-availability.service dm-event.socket \
    modprobe@configfs.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service \
    rbdmap.service uuidd.service uuidd.socket smartmontools.service nvmefc-boot-connections.service \
    xfs_scrub_all.timer system-xfs_scrub.slice systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
    systemd-network-generator.service systemd-pstore.service sshd-keygen.service getty@tty1.service \
    serial-getty@ttyS0.service cloud-init-hotplugd.socket rpcbind.service rpcbind.socket
  systemctl enable --quiet systemd-networkd.service ssh.service
}

# Its modules are Python, each of which costs seconds where the processor is emulated. A boot that is not the first has
# nothing for it to do: what a cloud would do at each, growing the file system, is systemd's here.
configure_cloud_init() {
  cat >/etc/cloud/cloud.cfg.d/90-lab.cfg <<'TEXT'
datasource_list: [NoCloud, None]
cloud_init_modules: [set_hostname, update_hostname, users_groups, ssh]
cloud_config_modules: []
cloud_final_modules: []
TEXT
  cat >/etc/systemd/system/first-boot-done.service <<'TEXT'
[Unit]
Description=Leave cloud-init out of the boots after the first
After=cloud-final.service
ConditionPathExists=/run/cloud-init/enabled

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'jq -e ".v1.errors == []" /run/cloud-init/result.json && touch /etc/cloud/cloud-init.disabled'

[Install]
WantedBy=cloud-init.target
TEXT
  systemctl enable --quiet first-boot-done.service
  echo '/dev/vda / ext4 x-systemd.growfs,errors=remount-ro 0 0' >/etc/fstab
}

# A login needs no session of systemd's: it costs half a second of an emulated processor each time.
configure_logins() {
  pam-auth-update --package --remove systemd
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

# The root file system and the PCI bus are in Debian's cloud kernel; the disk's driver is all that it has to be given. The
# distribution's own way there, with udev, takes 20 seconds where three machines that are emulated boot at once.
make_initrd() {
  local root=/tmp/initrd driver
  driver=$(echo /lib/modules/*/kernel/drivers/block/virtio_blk.ko.xz)
  mkdir -p "$root"/{bin,dev,root}
  cp /bin/busybox "$root/bin/"
  busybox xz -dc "$driver" >"$root/virtio_blk.ko"
  cat >"$root/init" <<'TEXT'
#!/bin/busybox sh
set -e
alias busybox=/bin/busybox
busybox mount -t devtmpfs dev /dev
busybox insmod /virtio_blk.ko
until [ -b /dev/vda ]; do busybox usleep 50000; done
busybox mount -t ext4 /dev/vda /root
busybox mount --move /dev /root/dev
exec busybox switch_root /root /sbin/init
TEXT
  chmod 755 "$root/init"
  (cd "$root" && find . | cpio --quiet --create --format=newc) >/boot/initrd
  rm -r "$root" /boot/initrd.img-*
  cp /boot/vmlinuz-* /boot/vmlinuz
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
  configure_logins
  configure_journal
  make_initrd
  remove_identity
}

main "$@" </dev/null
