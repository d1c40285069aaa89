import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../machine/machine";
import {
  managerAlias,
  renderKnownHosts,
  renderMachineList,
  renderSshConfig,
  type SshConfigMachine,
} from "./ssh-config";
import { stateFolder } from "./state-folder";

const ANY_MANAGER = join(__dirname, "any-manager.mjs");

function writeWhereDifferent(path: string, text: string, mode: number): void {
  let present: string | undefined;
  try {
    present = readFileSync(path, "utf8");
  } catch {
    // Not there yet.
  }
  if (present !== text) {
    writeFileSync(`${path}.new`, text, { mode });
    renameSync(`${path}.new`, path);
  }
}

/**
 * Writes the SSH configuration of the stack on the operator's computer, once its values are known, and gives the name
 * of the alias that leads to any live manager.
 *
 * What goes to the cluster as a whole depends on this name alone, so a failover changes no input. The same
 * configuration serves `./swarmstead ssh` and the operator's own `docker -H ssh://swarmstead-<stack>`.
 */
export function sshAlias(
  stack: string,
  machines: readonly Machine[],
  visitor?: Machine,
): pulumi.Output<string> {
  const known = [...machines, ...(visitor ? [visitor] : [])].map((machine) => {
    const { host, port, user, hostKey } = machine.connection;
    const role: SshConfigMachine["role"] = machine === visitor ? "visitor" : machine.role;
    return { name: machine.name, role, host, port, user, hostKey };
  });
  const privateKey = machines[0]?.connection.privateKey ?? "";
  const alias = pulumi.all([pulumi.all(known), privateKey]).apply(([list, key]) => {
    const folder = join(stateFolder(stack), "ssh");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeWhereDifferent(join(folder, "id_ed25519"), key, 0o600);
    writeWhereDifferent(join(folder, "known_hosts"), renderKnownHosts(stack, list), 0o644);
    writeWhereDifferent(join(folder, "machines"), renderMachineList(list), 0o644);
    const config = renderSshConfig({ stack, machines: list, folder, anyManager: ANY_MANAGER });
    writeWhereDifferent(join(folder, "config"), config, 0o644);
    return managerAlias(stack);
  });
  // A name and nothing of the key; what is built on it has to stay readable in a preview.
  return pulumi.unsecret(alias);
}
