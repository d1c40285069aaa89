import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/** What the overlay networks of one environment have in common. */
export interface OverlayContext {
  /** MTU of every overlay network, in bytes. */
  overlayMtu: number;
  /** Provider that reaches the swarm by the alias. */
  provider: docker.Provider;
  /** Ids of networks that are there, but not in the state, by name: they are taken over as they are. @default none */
  importNetworks?: Readonly<Record<string, string>> | undefined;
  /** The resource that takes the swarm with it, where there is one. */
  wholeOf?: pulumi.Resource | undefined;
}

/** An overlay network that outlives the stacks on it. The swarm gives it its addresses, so no two overlap. */
export function overlayNetwork(
  name: string,
  { overlayMtu, provider, importNetworks = {}, wholeOf }: OverlayContext,
  opts: pulumi.CustomResourceOptions = {},
): docker.Network {
  const id = importNetworks[name];
  return new docker.Network(
    name,
    {
      name,
      driver: "overlay",
      options: { "com.docker.network.driver.mtu": String(overlayMtu) },
    },
    // Docker adds the VXLAN's number to the options, which would show as a change that replaces the network.
    {
      provider,
      ignoreChanges: ["options"],
      ...(id === undefined ? {} : { import: id }),
      ...(wholeOf ? { deletedWith: wholeOf } : {}),
      ...opts,
    },
  );
}
