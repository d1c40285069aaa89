import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ClusterScript } from "../lib/cluster-script";
import { RemoteScript } from "../lib/remote-script";
import type { Machine } from "../machine/machine";
import { CHECK_PROGRAM, renderCheckProgram } from "./check-program";
import { KEEPALIVED_DROP_IN, renderKeepalivedConf } from "./keepalived-conf";

const SCRIPTS = join(__dirname, "scripts");
/** How long an election may take: a second or two, and more where processors are emulated and busy. */
const ELECTION_SECONDS = 120;

export interface VipArgs {
  /** Machines that may hold the address, the most preferred first; eight at most. All are in one L2 segment. */
  managers: readonly Machine[];
  /** IPv4 address of that segment that is nobody's own. */
  address: string;
  /** VRRP's id of it, 1 to 255, unique in the segment. */
  routerId: number;
  /** How often the holder says that it lives, in seconds, 0.01 or more. */
  advertSeconds: number;
  /** How often each machine looks whether it may hold the address, in seconds. */
  checkSeconds: number;
  /** URL, with a port, that a manager's own Traefik answers with 200 as long as it takes requests. */
  pingUrl: string;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
}

/**
 * An IPv4 address that one live manager holds whose Traefik takes requests.
 *
 * The distribution's keepalived on every manager, by unicast VRRP version 3. A holder that dies is replaced after three
 * adverts and a little; one that stops, or that finds its Traefik stopped, hands over at once. Who holds it is
 * nobody's wish and in no input. Needs a network that heeds gratuitous ARP, as a switch does and a cloud does not.
 *
 * @see docs/entry.md for what adds up to the time without an answer
 */
export class Vip extends pulumi.ComponentResource {
  /** A manager holds the address and it answers, once this exists. */
  public readonly held: pulumi.Resource;

  constructor(name: string, args: VipArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:vip:Vip", name, {}, opts);
    const { managers, address, alias } = args;

    // One after the other, so that a change that is no good shows on one of them.
    const candidates: pulumi.Resource[] = [];
    for (const [rank, machine] of managers.entries()) {
      candidates.push(this.candidate(machine, rank, args, candidates.slice(-1)));
    }
    this.held = new ClusterScript(
      `${name}-held`,
      {
        alias,
        file: join(SCRIPTS, "await-address.sh"),
        values: { ADDRESS: address, TIMEOUT_SECONDS: String(ELECTION_SECONDS) },
      },
      { parent: this, dependsOn: candidates },
    );
    this.registerOutputs();
  }

  private candidate(
    machine: Machine,
    rank: number,
    args: VipArgs,
    after: pulumi.Resource[],
  ): RemoteScript {
    const { managers, address, routerId, advertSeconds, checkSeconds, pingUrl } = args;
    const source = machine.privateIp;
    const peers = managers
      .filter((manager) => manager !== machine)
      .map(({ privateIp }) => privateIp);
    const timing = { advertSeconds, checkSeconds };
    const values = {
      CONF: renderKeepalivedConf({ address, routerId, ...timing, rank, source, peers }),
      ADDRESS: source,
      CHECK: renderCheckProgram({ pingUrl, checkSeconds, peers }),
      CHECK_PROGRAM,
      DROP_IN: KEEPALIVED_DROP_IN,
    };
    return new RemoteScript(
      `${machine.name}-vip`,
      { machine, file: join(SCRIPTS, "set-vip.sh"), values, undo: true },
      { parent: this, dependsOn: after },
    );
  }
}
