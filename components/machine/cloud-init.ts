import { stringify } from "yaml";

export interface CloudInitSpec {
  /** Host name of the machine. */
  name: string;
  /** Login user; may `sudo` without a password. */
  user: string;
  /** Public keys that may log in, OpenSSH format. */
  authorizedKeys: readonly string[];
  /** The host key that the machine must show, OpenSSH formats. Secret. */
  hostKey: { privateKey: string; publicKey: string };
}

/**
 * The user-data that every machine boots with, in the lab and on a cloud alike.
 *
 * It holds only what is needed for a first contact; everything else is a step that can be run again. The host key is
 * ours, so that it can be pinned before the machine is ever talked to.
 *
 * @see https://cloudinit.readthedocs.io/en/25.1/reference/modules.html
 */
export function renderCloudInit({ name, user, authorizedKeys, hostKey }: CloudInitSpec): string {
  const data = {
    hostname: name,
    // /etc/hosts is written by the host layer (requirement 1.8).
    manage_etc_hosts: false,
    preserve_hostname: false,
    users: [
      {
        name: user,
        groups: ["docker"],
        shell: "/bin/bash",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        lock_passwd: true,
        ssh_authorized_keys: [...authorizedKeys],
      },
    ],
    disable_root: true,
    ssh_pwauth: false,
    ssh_deletekeys: true,
    ssh_genkeytypes: ["ed25519"],
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
  };
  return `#cloud-config\n${stringify(data, { lineWidth: 0 })}`;
}
