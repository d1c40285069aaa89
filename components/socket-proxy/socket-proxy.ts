import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import { Stack, type StackContext } from "../stack/stack";
import { CLIENT_ID, HAPROXY_CFG, renderHaproxyCfg, SOCKET_FOLDER } from "./socket-proxy-conf";
import { socketProxyFile } from "./socket-proxy-file";

const SCRIPT = join(__dirname, "scripts/set-socket-proxy.sh");

export interface SocketProxyArgs {
  /** Each has one of its own. */
  managers: readonly Machine[];
  /** HAProxy's image. */
  image: string;
  /** What all stacks of the environment have in common. */
  stacks: StackContext;
}

/**
 * The one way from Traefik to Docker: on each manager a socket that answers what a swarm's routes follow from, and refuses
 * everything else.
 *
 * A file in a host folder, not a port on a network: no other container reaches it, and each Traefik asks the manager that it
 * is on, so there is none whose loss would blind the others. While it is gone, Traefik serves what it knew last.
 */
export class SocketProxy extends pulumi.ComponentResource {
  /** Name of the stack, known once every manager's socket answers. */
  public readonly deployed: pulumi.Output<string>;

  constructor(name: string, args: SocketProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:socket-proxy:SocketProxy", name, {}, opts);
    const { managers, image, stacks } = args;
    const values = {
      CONF: HAPROXY_CFG,
      HAPROXY_CFG: renderHaproxyCfg(),
      SOCKET_FOLDER,
      GROUP: String(CLIENT_ID),
    };
    const files = managers.map(
      (machine) =>
        new RemoteScript(
          `${machine.name}-socket-proxy`,
          { machine, file: SCRIPT, values, undo: true },
          { parent: this },
        ),
    );
    const stack = new Stack(
      name,
      { ...stacks, ...socketProxyFile(image) },
      { parent: this, dependsOn: files },
    );
    this.deployed = stack.deployed;
    this.registerOutputs({ deployed: this.deployed });
  }
}
