import type * as pulumi from "@pulumi/pulumi";
import { ownImage } from "../components/lib/images";
import type { Machine } from "../components/machine/machine";
import { SocketProxy } from "../components/socket-proxy/socket-proxy";
import type { StackContext } from "../components/stack/stack";
import { TRAEFIK_PROGRAMS, Traefik } from "../components/traefik/traefik";
import { PING_URL } from "../components/traefik/traefik-flags";
import { VRRP_PROTOCOL } from "../components/vip/keepalived-conf";
import { Vip } from "../components/vip/vip";
import { routedHosts } from "./app-hosts";
import type { ClusterConfig, EntryConfig } from "./config";
import { ENTRY_OPEN } from "./config-entry";

export interface EntryContext {
  /** Where Traefik runs, and who may hold the address; the most preferred first. */
  managers: readonly Machine[];
  /** What all stacks of the environment have in common. */
  stacks: StackContext;
  /** What must be done before. */
  ready: readonly pulumi.Resource[];
}

/** What a kind of entry needs, from the first contact on. */
export interface EntryNeeds {
  /** Ports that anybody may reach; each `<port>/tcp` or `<port>/udp`. */
  open: readonly string[];
  /** IP protocols that nodes speak among themselves, by their numbers. */
  nodeProtocols: readonly number[];
  /** Programs of every manager, and the Debian package of each. */
  programs: Readonly<Record<string, string>>;
}

/** What the kind needs of the machines. */
export function entryNeeds(entry: EntryConfig): EntryNeeds {
  switch (entry?.kind) {
    case undefined:
      return { open: [], nodeProtocols: [], programs: {} };
    case "vrrp":
      return {
        open: ENTRY_OPEN,
        nodeProtocols: [VRRP_PROTOCOL],
        programs: { ...TRAEFIK_PROGRAMS, keepalived: "keepalived", ping: "iputils-ping" },
      };
  }
}

/**
 * What stands between visitors and apps, and the only place where the kind of entry matters: Docker's socket proxy, Traefik,
 * and the address before it.
 *
 * @returns what must be there before an app can be asked; nothing where an environment has no entry
 */
export function createEntry(config: ClusterConfig, context: EntryContext): pulumi.Resource[] {
  const { entry, platform } = config;
  const { managers, stacks, ready } = context;
  switch (entry?.kind) {
    case undefined:
      return [];
    case "vrrp": {
      const shared = { managers, stacks };
      const proxy = new SocketProxy(
        "socket-proxy",
        { ...shared, image: ownImage("haproxy", platform.kind) },
        { dependsOn: [...ready] },
      );
      const hosts = Object.values(routedHosts(config));
      const traefik = new Traefik(
        "traefik",
        { ...shared, image: ownImage("traefik", platform.kind), hosts },
        { dependsOn: proxy },
      );
      const { address, routerId, advertSeconds, checkSeconds } = entry;
      const timing = { advertSeconds, checkSeconds };
      const vip = new Vip(
        "vip",
        { managers, address, routerId, ...timing, pingUrl: PING_URL, alias: stacks.alias },
        { dependsOn: traefik },
      );
      return [vip.held];
    }
  }
}
