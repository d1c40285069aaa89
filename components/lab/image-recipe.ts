import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

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

/** A container image that is baked into the disk: one Go program and nothing else. */
export interface BakedImage {
  /** Name and tag. */
  name: string;
  /** Folder of the Go module, from the project's. */
  source: string;
  /** Name of the program; the image's entry point is `/<program>`. */
  program: string;
}

export const IMAGES: readonly BakedImage[] = [
  { name: "swarmstead/whoami:1.0", source: "apps/whoami/image", program: "whoami" },
];

const SCRIPTS = ["bake-image.sh", "customize-root.sh", "load-images.sh"];

/**
 * The name of the base image: a hash of all that goes into it, so that a changed recipe is a new image and an old one is
 * found again.
 *
 * @param root folder of the project
 */
export function recipeHash(root: string): string {
  const hash = createHash("sha256").update(JSON.stringify({ SUITE, PACKAGES, IMAGES }));
  for (const script of SCRIPTS) {
    hash.update(readFileSync(join(root, "components/lab/scripts", script)));
  }
  for (const { source } of IMAGES) {
    for (const file of readdirSync(join(root, source)).sort()) {
      hash.update(file).update(readFileSync(join(root, source, file)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
