import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { composeNeeds, nameSecrets } from "../compose/compose";
import { ClusterScript } from "../lib/cluster-script";
import { secretText } from "./secret-text";

const OWN_SCRIPT = join(__dirname, "scripts/own-stack.sh");
const DEPLOY_SCRIPT = join(__dirname, "scripts/deploy-stack.sh");

export interface StackArgs {
  /** Path of the compose v3 file, which must exist. */
  file: string;
  /** MTU of the stack's overlay networks, in bytes. */
  overlayMtu: number;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
  /** Provider that reaches the swarm by the same alias. */
  provider: docker.Provider;
  /** Secret of the environment: the contents of generated secrets follow from it. */
  seed: pulumi.Output<string>;
  /** A word that another state of the same stack does not have; part of the names of secrets. */
  epoch: pulumi.Input<string>;
  /** Ids of networks that are there, but not in the state, by name: they are taken over as they are. @default none */
  importNetworks?: Readonly<Record<string, string>> | undefined;
  /** How long the services may take until all run and are healthy. @default 600 */
  timeoutSeconds?: number;
  /** The resource that takes the swarm with it, where there is one. */
  wholeOf?: pulumi.Resource | undefined;
}

/**
 * What a secret's name ends in: a keyed hash, so that it tells nothing of the content. The epoch is part of it, as a
 * state that was made anew cannot take over the secrets that the swarm has, and Docker has no two of one name.
 */
function secretTag(seed: string, epoch: string, content: string): string {
  return createHmac("sha256", seed)
    .update(JSON.stringify([epoch, content]))
    .digest("hex")
    .slice(0, 12);
}

/**
 * A compose v3 file as a Docker stack, deployed until every task runs and its healthcheck passes.
 *
 * Its own networks (`external`, named `<stack>-…`) and its generated secrets are made here and outlive a redeploy. A
 * secret is named after its content, so a new content is a new secret, an update of the services that use it, and
 * then the end of the old one. The content follows from the seed, so that it is the same after a loss of the state.
 *
 * @throws {pulumi.RunError} naming every fault of the compose file
 */
export class Stack extends pulumi.ComponentResource {
  /** Name of the stack, known once it is deployed and healthy. */
  public readonly deployed: pulumi.Output<string>;

  constructor(name: string, args: StackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:stack:Stack", name, {}, opts);
    const { file, overlayMtu, alias, provider, seed, epoch, timeoutSeconds = 600 } = args;
    const { wholeOf, importNetworks = {} } = args;
    const shown = join("apps", name, "compose.yaml");
    const text = readFileSync(file, "utf8");
    const needs = composeNeeds(name, text, shown);
    const gone = wholeOf ? { deletedWith: wholeOf } : {};

    const networks = needs.networks.map((network) => {
      const id = importNetworks[network];
      return new docker.Network(
        network,
        {
          name: network,
          driver: "overlay",
          options: { "com.docker.network.driver.mtu": String(overlayMtu) },
        },
        // Docker adds the VXLAN's number to the options, which would show as a change that replaces the network.
        {
          parent: this,
          provider,
          ignoreChanges: ["options"],
          ...(id === undefined ? {} : { import: id }),
          ...gone,
        },
      );
    });

    const secretNames: Record<string, pulumi.Output<string>> = {};
    const secrets = Object.entries(needs.secrets).map(([key, { length, generation }]) => {
      const content = seed.apply((s) => secretText(s, { stack: name, key, generation, length }));
      // The name goes into the compose text, which must stay readable in a preview.
      const tag = pulumi.unsecret(
        pulumi.all([seed, epoch, content]).apply(([s, e, text]) => secretTag(s, e, text)),
      );
      const secretName = pulumi.interpolate`${name}-${key}-${tag}`;
      secretNames[key] = secretName;
      return new docker.Secret(
        `${name}-${key}`,
        { name: secretName, data: content.apply((v) => Buffer.from(v).toString("base64")) },
        { parent: this, provider, ...gone },
      );
    });

    const owned = new ClusterScript(
      `${name}-stack`,
      { alias, file: OWN_SCRIPT, undo: true, values: { STACK: name } },
      { parent: this, dependsOn: [...networks, ...secrets], ...gone },
    );

    const compose = pulumi.all(secretNames).apply((names) => nameSecrets(text, names));
    const deploy = new ClusterScript(
      `${name}-deploy`,
      {
        alias,
        file: DEPLOY_SCRIPT,
        values: {
          STACK: name,
          COMPOSE: compose,
          SERVICES: needs.services.join(" "),
          TIMEOUT_SECONDS: String(timeoutSeconds),
        },
      },
      { parent: this, dependsOn: owned, ...gone },
    );
    this.deployed = deploy.stdout.apply(() => name);
    this.registerOutputs({ deployed: this.deployed });
  }
}
