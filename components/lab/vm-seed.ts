import { stringify } from "yaml";

export interface VmNetworkSpec {
  mac: string;
  /** Own address with the prefix length of all that is on the switch, for example `10.77.0.11/23`. */
  address: string;
  /** Where everything else would go. */
  gateway: string;
}

/**
 * The network of a VM for cloud-init's NoCloud seed: a static address by MAC. Clouds hand this out by DHCP, so it is
 * no part of the user-data.
 *
 * @see https://cloudinit.readthedocs.io/en/25.1/reference/network-config-format-v2.html
 */
export function renderNetworkConfig({ mac, address, gateway }: VmNetworkSpec): string {
  return stringify({
    version: 2,
    ethernets: {
      lan: {
        match: { macaddress: mac },
        dhcp4: false,
        dhcp6: false,
        // Nobody announces a router here, and an address by any other way is not wanted.
        "accept-ra": false,
        addresses: [address],
        // cloud-init takes "default" for netplan alone.
        routes: [{ to: "0.0.0.0/0", via: gateway }],
      },
    },
  });
}

/** The identity of a VM for the seed; a new generation is a new instance. */
export function renderMetaData(name: string, generation: number): string {
  return stringify({
    "instance-id": `${name}-${String(generation)}`,
    "local-hostname": name,
  });
}
