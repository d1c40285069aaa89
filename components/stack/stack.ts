import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ClusterScript } from "../lib/cluster-script";
import { composeNeeds, nameSecrets } from "./compose";

const OWN_SCRIPT = join(__dirname, "scripts/own-stack.sh");
const DEPLOY_SCRIPT = join(__dirname, "scripts/deploy-stack.sh");

export interface StackArgs {
  /** Path of the compose v3 file. */
  file: string;
  /** MTU of the stack's overlay networks, in bytes. */
  overlayMtu: number;
  /** Alias that leads to any live manager. */
  alias: pulumi.Input<string>;
  /** Provider that reaches the swarm by the same alias. */
  provider: docker.Provider;
  /** Secret of the environment; keys the hash in a secret's name, so that a name tells nothing of its content. */
  seed: pulumi.Output<string>;
  /** How long the services may take until all run and are healthy. @default 600 */
  timeoutSeconds?: number;
  /** The resource that takes the swarm with it, where there is one. */
  wholeOf?: pulumi.Resource | undefined;
}

/**
 * A compose v3 file as a Docker stack, deployed until every task runs and its healthcheck passes.
 *
 * Its own networks (`external`, named `<stack>-…`) and its generated secrets are made here and outlive a redeploy. A
 * secret is named after its content, so a new content is a new secret, an update of the services that use it, and
 * then the end of the old one.
 *
 * @throws {pulumi.RunError} naming every fault of the compose file
 */
export class Stack extends pulumi.ComponentResource {
  /** Name of the stack, known once it is deployed and healthy. */
  public readonly deployed: pulumi.Output<string>;

  constructor(name: string, args: StackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarmstead:stack:Stack", name, {}, opts);
    const { file, overlayMtu, alias, provider, seed, timeoutSeconds = 600, wholeOf } = args;
    const shown = join("apps", name, "compose.yaml");
    if (!existsSync(file)) {
      throw new pulumi.RunError(
        `apps.${name}: there is no ${shown}; write it, or take the app out of the config`,
      );
    }
    const text = readFileSync(file, "utf8");
    const needs = composeNeeds(name, text, shown);
    const gone = wholeOf ? { deletedWith: wholeOf } : {};

    const networks = needs.networks.map(
      (network) =>
        new docker.Network(
          network,
          {
            name: network,
            driver: "overlay",
            options: { "com.docker.network.driver.mtu": String(overlayMtu) },
          },
          // Docker adds the VXLAN's number to the options, which would show as a change that replaces the network.
          { parent: this, provider, ignoreChanges: ["options"], ...gone },
        ),
    );

    const secretNames: Record<string, pulumi.Output<string>> = {};
    const secrets = Object.entries(needs.secrets).map(([key, length]) => {
      const content = pulumi.secret(
        // Not RandomBytes, whose id in the state is its content.
        new random.RandomPassword(`${name}-${key}`, { length, special: false }, { parent: this })
          .result,
      );
      // The name goes into the compose text, which must stay readable in a preview.
      const hash = pulumi.unsecret(
        pulumi
          .all([seed, content])
          .apply(([k, v]) => createHmac("sha256", k).update(v).digest("hex").slice(0, 12)),
      );
      const secretName = pulumi.interpolate`${name}-${key}-${hash}`;
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
