import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { BakedImage } from "./baked-images";

/** Debian's release that the lab's machines run. */
export const SUITE = "trixie";

/** What every machine of the lab has on its disk, for this layer and those to come. */
export const PACKAGES: readonly string[] = [
  "systemd-sysv",
  "udev",
  "dbus",
  "linux-image-cloud-amd64",
  // What the kernel's package asks for; the lab's own initial file system is of busybox.
  "initramfs-tools",
  "busybox-static",
  "cloud-init",
  "openssh-server",
  "sudo",
  "libnss-myhostname",
  "docker.io",
  "docker-cli",
  "ceph-mon",
  "ceph-mgr",
  "ceph-osd",
  "ceph-mds",
  "ceph-common",
  "python3-rados",
  "python3-cephfs",
  "glusterfs-server",
  "glusterfs-client",
  "xfsprogs",
  "nfs-common",
  // For the visitor, which is the server where the lab tries NFS.
  "nfs-kernel-server",
  "keepalived",
  "chrony",
  "nftables",
  "iptables",
  "ca-certificates",
  "curl",
  "e2fsprogs",
  "ethtool",
  "iproute2",
  "iputils-ping",
  "jq",
  "kmod",
  "nmap",
  "procps",
];

const SCRIPTS = ["bake-image.sh", "build-images.sh", "customize-root.sh", "load-images.sh"];

/**
 * The name of the base image: a hash of all that goes into it, so that a changed recipe is a new image and an old one is
 * found again.
 *
 * @param root folder of the project
 * @param images container images that it holds
 */
export function recipeHash(root: string, images: readonly BakedImage[]): string {
  const hash = createHash("sha256").update(JSON.stringify({ SUITE, PACKAGES, images }));
  for (const script of SCRIPTS) {
    hash.update(readFileSync(join(root, "components/lab/scripts", script)));
  }
  for (const { source } of images) {
    const entries = readdirSync(join(root, source), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    for (const file of files.sort()) {
      const isProgram = (statSync(join(root, file)).mode & 0o100) !== 0;
      hash.update(`${file} ${String(isProgram)}`).update(readFileSync(join(root, file)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
