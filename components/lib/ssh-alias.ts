import { mkdirSync } from "node:fs";
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
import { writeWhole } from "./write-whole";

const ANY_MANAGER = join(__dirname, "any-manager.mjs");

/** Writes the SSH configuration of a stack into a folder; what is there already stays untouched. */
export function writeSshFolder(
  folder: string,
  stack: string,
  machines: readonly SshConfigMachine[],
  privateKey: string,
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, "id_ed25519"), privateKey, 0o600);
  writeWhole(join(folder, "known_hosts"), renderKnownHosts(stack, machines));
  writeWhole(join(folder, "machines"), renderMachineList(machines));
  const config = renderSshConfig({ stack, machines, folder, anyManager: ANY_MANAGER });
  writeWhole(join(folder, "config"), config);
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
    // A preview changes nothing; what it adds has no port yet that leads to it.
    if (!pulumi.runtime.isDryRun()) {
      writeSshFolder(join(stateFolder(stack), "ssh"), stack, list, key);
    }
    return managerAlias(stack);
  });
  // A name and nothing of the key; what is built on it has to stay readable in a preview.
  return pulumi.unsecret(alias);
}
