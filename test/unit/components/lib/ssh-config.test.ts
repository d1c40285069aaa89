import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  renderKnownHosts,
  renderMachineList,
  renderSshConfig,
  type SshConfigMachine,
} from "../../../../components/lib/ssh-config";

const machine = (name: string, role: SshConfigMachine["role"], port: number): SshConfigMachine => ({
  name,
  role,
  host: "127.0.0.1",
  port,
  user: "swarmstead",
  hostKey: `ssh-ed25519 KEY-OF-${name}`,
});
const machines = [
  machine("node1", "manager", 2201),
  machine("node2", "manager", 2202),
  machine("worker1", "worker", 2203),
  machine("visitor", "visitor", 2204),
];

describe("the SSH configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "swarmstead ssh-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function effective(host: string): Record<string, string> {
    const text = renderSshConfig({ stack: "dev", machines, folder, anyManager: "/x/any-manager" });
    writeFileSync(join(folder, "config"), text);
    const lines = execFileSync("ssh", ["-G", "-F", join(folder, "config"), host], {
      encoding: "utf8",
    });
    return Object.fromEntries(
      lines.split("\n").map((line) => {
        const [key = "", ...rest] = line.split(" ");
        return [key, rest.join(" ")];
      }),
    );
  }

  test("leads to a machine by its name, with its pinned key alone", () => {
    expect(effective("node2")).toMatchObject({
      hostname: "127.0.0.1",
      port: "2202",
      user: "swarmstead",
      hostkeyalias: "node2",
      stricthostkeychecking: "true",
      userknownhostsfile: `${folder}/known_hosts`,
      globalknownhostsfile: "/dev/null",
      identitiesonly: "yes",
    });
  });

  test("leads from the alias to managers only", () => {
    expect(effective("swarmstead-dev")).toMatchObject({
      hostkeyalias: "swarmstead-dev",
      proxycommand: '"/x/any-manager" 127.0.0.1:2201 127.0.0.1:2202',
    });
  });

  test("knows each machine's key by its name, and every manager's for the alias", () => {
    expect(renderKnownHosts("dev", machines)).toBe(
      [
        "node1 ssh-ed25519 KEY-OF-node1",
        "swarmstead-dev ssh-ed25519 KEY-OF-node1",
        "node2 ssh-ed25519 KEY-OF-node2",
        "swarmstead-dev ssh-ed25519 KEY-OF-node2",
        "worker1 ssh-ed25519 KEY-OF-worker1",
        "visitor ssh-ed25519 KEY-OF-visitor",
        "",
      ].join("\n"),
    );
  });

  test("lists the machines by role without the visitor", () => {
    expect(renderMachineList(machines)).toBe("node1 manager\nnode2 manager\nworker1 worker\n");
  });
});
