import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CEPH_PORTS } from "../../components/ceph/ceph-conf";
import { renderChronyConf } from "../../components/host/chrony-conf";
import { renderDaemonJson } from "../../components/host/daemon-json";
import { NODES_FILE, renderFirewall } from "../../components/host/firewall-conf";
import { renderCloudInit } from "../../components/machine/cloud-init";
import { ask, makeHostKey, testWith, type Verdict, withFiles } from "./real-program";

const SCRIPTS = join(__dirname, "../../components/host/scripts");

describe("the firewall", () => {
  const NODES = "set nodes {\n  type ipv4_addr\n  elements = { 10.77.0.11, 10.77.0.12 }\n}\n";
  const EMPTY = "set nodes {\n  type ipv4_addr\n}\n";

  /** What nft says in a network namespace of its own, so that this computer's rules stay as they are. */
  function nft(text: string, nodes: string, command: string): Verdict {
    return withFiles({ "nodes.nft": nodes }, (folder) =>
      withFiles({ "firewall.nft": text.replace(NODES_FILE, join(folder, "nodes.nft")) }, (own) =>
        ask("unshare", ["--net", "sh", "-c", command, "nft", join(own, "firewall.nft")]),
      ),
    );
  }

  const rules = renderFirewall({
    open: ["80/tcp", "443/tcp", "443/udp"],
    dataPathPort: 4789,
    nodePorts: CEPH_PORTS,
    nodeProtocols: [112],
  });
  const accepted = { code: 0, words: "" };

  testWith(
    ["nft", "unshare"],
    "is accepted by nft, with nodes and without, with open ports and without",
    () => {
      const closed = renderFirewall({ open: [], dataPathPort: 4789, nodePorts: [] });
      for (const text of [rules, closed]) {
        for (const nodes of [NODES, EMPTY]) {
          expect(nft(text, nodes, 'nft -c -f "$1"')).toEqual(accepted);
        }
      }
    },
    true,
  );

  testWith(
    ["nft", "unshare"],
    "replaces itself when it is loaded again, and nothing of another table",
    () => {
      const again = 'nft add table ip other && nft -f "$1" && nft -f "$1" && nft list ruleset';
      const { code, words } = nft(rules, NODES, again);
      expect(code).toBe(0);
      expect(words.match(/^table .*/gm)).toEqual(["table ip other {", "table inet swarmstead {"]);
      expect(words.match(/tcp dport 22 accept/g)).toHaveLength(1);
    },
    true,
  );

  testWith(
    ["nft", "unshare"],
    "would be refused by nft with a wrong port",
    () => {
      const { code, words } = nft(rules.replace("443", "70000"), NODES, 'nft -c -f "$1"');
      expect([code, words]).toEqual([1, expect.stringContaining("Error")]);
    },
    true,
  );
});

describe("the firewall's unit", () => {
  // Its program lies on the machine alone.
  const unit = /unit="(\[Unit\][^"]*)"/
    .exec(readFileSync(join(SCRIPTS, "set-base.sh"), "utf8"))?.[1]
    ?.replaceAll("$loader", "/bin/true");

  testWith(["systemd-analyze", "nft"], "is accepted by systemd", () => {
    expect(unit).toContain("ExecStart=");
    const verify = (text: string): Verdict =>
      withFiles({ "swarmstead-firewall.service": text }, (folder) =>
        ask("systemd-analyze", ["verify", "--man=no", join(folder, "swarmstead-firewall.service")]),
      );
    expect(verify(unit ?? "")).toEqual({ code: 0, words: "" });
    expect(verify((unit ?? "").replace("oneshot", "onceshot")).words).toContain("onceshot");
  });
});

describe("daemon.json", () => {
  testWith(["dockerd"], "is accepted by dockerd", () => {
    const text = renderDaemonJson({
      addressPool: "10.30.0.0/16",
      mtu: 1450,
      logMaxMiB: 10,
      logFiles: 3,
    });
    const validate = (json: string): Verdict =>
      withFiles({ "daemon.json": json }, (folder) =>
        ask("dockerd", ["--validate", "--config-file", join(folder, "daemon.json")]),
      );
    expect(validate(text)).toEqual({ code: 0, words: "configuration OK\n" });
    expect(validate(text.replace("live-restore", "live-restroe")).code).not.toBe(0);
  });
});

describe("chrony's configuration", () => {
  testWith(["chronyd"], "is accepted by chronyd", () => {
    const text = renderChronyConf({ peers: ["node2", "node3"], cidr: "10.77.0.0/24" });
    const print = (conf: string): Verdict =>
      withFiles({ "chrony.conf": conf }, (folder) =>
        ask("chronyd", ["-p", "-f", join(folder, "chrony.conf")]),
      );
    const { code, words } = print(text);
    expect(code).toBe(0);
    expect(words).toContain("server node3 iburst minpoll 4 maxpoll 6");
    expect(print(text.replace("rtcsync", "rtcsnyc")).code).not.toBe(0);
  });
});

describe("cloud-init's user-data", () => {
  testWith(["cloud-init", "ssh-keygen"], "has cloud-init's own schema", () => {
    const hostKey = makeHostKey();
    const text = renderCloudInit({
      name: "node1",
      user: "swarmstead",
      authorizedKeys: [hostKey.publicKey],
      hostKey,
    });
    const schema = (data: string): Verdict =>
      withFiles({ "user-data": data }, (folder) =>
        ask("cloud-init", ["schema", "-c", join(folder, "user-data")]),
      );
    expect(schema(text)).toMatchObject({
      code: 0,
      words: expect.stringMatching(/^Valid/) as unknown,
    });
    expect(schema(text.replace("ssh_pwauth: false", "ssh_pwauth: [1]")).code).not.toBe(0);
  });
});

describe("the limits of SSH", () => {
  const conf = /text='(MaxStartups[^']*)'/.exec(
    readFileSync(join(SCRIPTS, "set-base.sh"), "utf8"),
  )?.[1];

  testWith(
    ["sshd", "ssh-keygen"],
    "are accepted by sshd",
    () => {
      expect(conf).toContain("PasswordAuthentication no");
      const sshd = execFileSync("sh", ["-c", "PATH=$PATH:/usr/sbin:/sbin; command -v sshd"], {
        encoding: "utf8",
      }).trim();
      const check = (text: string): Verdict =>
        withFiles({ sshd_config: text, key: makeHostKey().privateKey }, (folder) => {
          execFileSync("chmod", ["600", join(folder, "key")]);
          const words = ["-T", "-f", join(folder, "sshd_config"), "-h", join(folder, "key")];
          return ask(sshd, words);
        });
      const { code, words } = check(conf ?? "");
      expect([code, words]).toEqual([0, expect.stringContaining("maxsessions 100\n")]);
      expect(words).toMatch(/^maxstartups 100:30:200$/m);
      expect(words).toMatch(/^passwordauthentication no$/m);
      expect(check("MaxStartups many\n").code).not.toBe(0);
    },
    true,
  );
});
