import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import { CLIENT_ID } from "../socket-proxy/socket-proxy-conf";
import { Stack, type StackContext } from "../stack/stack";
import { authorityKey, authorityName } from "./local-authority";
import { CERTIFICATES, DYNAMIC_CONF, renderDynamicConf } from "./traefik-conf";
import { traefikFile } from "./traefik-file";

const SCRIPTS = join(__dirname, "scripts");

/** Programs that a manager needs for this, and the Debian package of each. */
export const TRAEFIK_PROGRAMS: Readonly<Record<string, string>> = { openssl: "openssl" };

export interface TraefikArgs {
  /** Each runs one. */
  managers: readonly Machine[];
  /** Traefik's image. */
  image: string;
  /** Names that visitors come by; the certificate is for these alone. */
  hosts: readonly string[];
  /** What all stacks of the environment have in common. */
  stacks: StackContext;
}

/**
 * What visitors meet: Traefik on every manager, with the ports 80 and 443 of the machine itself, so that it sees whose address
 * a request comes from.
 *
 * Each follows the swarm by its own manager's socket proxy, which has to be there before. An authority of the environment's
 * own issues the certificate, on each machine another one of the same names. A planned stop is told by ping first, while
 * requests are still taken.
 */
export class Traefik extends pulumi.ComponentResource {
  /** Name of the stack, known once Traefik runs on every manager. */
  public readonly deployed: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: TraefikArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarmstead:traefik:Traefik", name, {}, opts);
    const { managers, image, stacks } = args;
    const files = managers.map((machine) => this.certificates(machine, this.conf(machine)));
    const stack = new Stack(
      name,
      { ...stacks, ...traefikFile(image) },
      { parent: this, dependsOn: files },
    );
    this.deployed = stack.deployed;
    this.registerOutputs({ deployed: this.deployed });
  }

  private conf(machine: Machine): RemoteScript {
    const values = { CONF: DYNAMIC_CONF, DYNAMIC_CONF: renderDynamicConf(this.hosts()) };
    return new RemoteScript(
      `${machine.name}-traefik`,
      { machine, file: join(SCRIPTS, "set-traefik.sh"), values, undo: true },
      { parent: this },
    );
  }

  /** A step of its own, as the authority's key hides what it is sent with. */
  private certificates(machine: Machine, after: pulumi.Resource): RemoteScript {
    const key = this.args.stacks.seed.apply(authorityKey);
    const values = {
      FOLDER: CERTIFICATES,
      AUTHORITY: authorityName(pulumi.getStack()),
      AUTHORITY_KEY: key.privateKey,
      AUTHORITY_PUBLIC: key.publicKey,
      NAMES: this.hosts().join(" "),
      GROUP: String(CLIENT_ID),
      CONF: DYNAMIC_CONF,
    };
    return new RemoteScript(
      `${machine.name}-certificates`,
      { machine, file: join(SCRIPTS, "set-certificates.sh"), values, undo: true },
      { parent: this, dependsOn: after },
    );
  }

  /** In one order, whichever the environment has them in. */
  private hosts(): string[] {
    return [...new Set(this.args.hosts)].sort();
  }
}
