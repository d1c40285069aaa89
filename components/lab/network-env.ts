import { withValues } from "../lib/shell";
import { outsideNetwork } from "./addresses";

export interface NetworkEnvSpec {
  /** Marks the lab's processes. */
  id: string;
  /** Node network, CIDR notation. */
  cidr: string;
  /** The address that visitors ask, and its ports to those of this computer that lead to them; nothing where there is none. */
  entry?: { address: string; ports: Readonly<Record<string, number>> } | undefined;
}

/** What `scripts/lab-network.sh` has to know of the lab, as shell variables. */
export function renderNetworkEnv({ id, cidr, entry }: NetworkEnvSpec): string {
  const { gateway, both } = outsideNetwork(cidr);
  const forwards = Object.entries(entry?.ports ?? {}).map(
    ([port, here]) => `${String(here)}:${port}`,
  );
  return withValues("", {
    LAB_ID: id,
    GATEWAY: gateway,
    OUTSIDE_BOTH: both,
    ENTRY_ADDRESS: entry?.address ?? "",
    ENTRY_FORWARDS: forwards.join(" "),
  });
}
