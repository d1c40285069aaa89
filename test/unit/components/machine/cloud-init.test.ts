import { parse } from "yaml";
import { renderCloudInit } from "../../../../components/machine/cloud-init";
import { sshKey } from "../../../../components/machine/ssh-key";

const hostKey = sshKey("ab".repeat(32), "host-key:node1:1");
const text = renderCloudInit({
  name: "node1",
  user: "swarmstead",
  authorizedKeys: ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
  hostKey,
});
const data = parse(text) as Record<string, unknown>;

test("begins with the line that makes it user-data", () => {
  expect(text.split("\n")[0]).toBe("#cloud-config");
});

test("gives the machine its name and leaves /etc/hosts alone", () => {
  expect(data).toMatchObject({
    hostname: "node1",
    manage_etc_hosts: false,
    preserve_hostname: false,
  });
});

test("lets the operator's keys in, with sudo and Docker, and no password or root", () => {
  expect(data).toMatchObject({
    disable_root: true,
    ssh_pwauth: false,
    users: [
      {
        name: "swarmstead",
        groups: ["docker"],
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        lock_passwd: true,
        ssh_authorized_keys: ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
      },
    ],
  });
});

test("brings the pinned host key whole, and makes none of another kind", () => {
  expect(data).toMatchObject({
    ssh_deletekeys: true,
    ssh_genkeytypes: ["ed25519"],
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
  });
});

test("installs and upgrades nothing: a first boot must not depend on a mirror", () => {
  expect(Object.keys(data).filter((key) => key.startsWith("package"))).toEqual([]);
});
