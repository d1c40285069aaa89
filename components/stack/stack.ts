import { createHmac } from "node:crypto";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type ComposeNeeds, nameSecrets } from "../compose/compose";
import { ClusterScript } from "../lib/cluster-script";
import { type OverlayContext, overlayNetwork } from "./overlay-network";
import { secretText } from "./secret-text";

const OWN_SCRIPT = join(__dirname, "scripts/own-stack.sh");
const DEPLOY_SCRIPT = join(__dirname, "scripts/deploy-stack.sh");

/** What all stacks of one environment have in common. */
export interface StackContext extends OverlayContext {
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
  /** Secret of the environment: the contents of generated secrets follow from it. */
  seed: pulumi.Output<string>;
  /** A word that another state of the same stack does not have; part of the names of secrets. */
  epoch: pulumi.Input<string>;
}

/** What is deployed. */
export interface StackFile {
  /** Text of the compose v3 file. */
  text: string;
  /** What of it the program makes. */
  needs: ComposeNeeds;
  /** Where to correct it: a path in the project, for messages. */
  source: string;
}

export interface StackArgs extends StackContext, StackFile {
  /** How long the services may take until all run and are healthy. @default 600 */
  timeoutSeconds?: number;
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
 */
export class Stack extends pulumi.ComponentResource {
  /** Name of the stack, known once it is deployed and healthy. */
  public readonly deployed: pulumi.Output<string>;

  constructor(name: string, args: StackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:stack:Stack", name, {}, opts);
    const { text, needs, source, alias, provider, seed, epoch, timeoutSeconds = 600 } = args;
    const gone = args.wholeOf ? { deletedWith: args.wholeOf } : {};

    const networks = needs.networks.map((network) =>
      overlayNetwork(network, args, { parent: this }),
    );

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
          SOURCE: source,
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
