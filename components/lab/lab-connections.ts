import type { SshConfigMachine } from "../lib/ssh-config";
import { hostKey } from "../machine/access";
import type { ForwardedPorts } from "./forwarded-ports";
import { type LabMachineSpec, USER } from "./lab-platform";

/** How the lab's machines are reached by SSH, as far as the seed is known; no state is needed for it. */
export function labConnections(
  machines: Readonly<Record<string, LabMachineSpec>>,
  ports: ForwardedPorts,
  seed: string,
): SshConfigMachine[] {
  return Object.entries(machines).map(([name, { role, generation }]) => ({
    name,
    role,
    host: "127.0.0.1",
    port: ports[name]?.[22] ?? 0,
    user: USER,
    hostKey: hostKey(seed, name, generation).publicKey,
  }));
}
