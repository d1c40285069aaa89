import { setTimeout as sleep } from "node:timers/promises";
import { diffProperties } from "../diff";
import { findFaults, given, type InputRules } from "../input-rules";
import type { Operation, ResourceKind } from "../resource-kind";
import { UNKNOWN } from "../wire-values";
import { type DockerConnection, DockerError, findIn, withDocker } from "./docker-connection";
import type { DockerHost } from "./docker-host";
import { nameFaults } from "./docker-labels";
import { inputsOf, type NetworkFacts, outputsOf, requestOf } from "./network-facts";

const RULES: InputRules = {
  name: "a string",
  driver: "a string",
  options: "a map of strings",
  labels: "a list",
  attachable: "a boolean",
  ingress: "a boolean",
  internal: "a boolean",
  ipv6: "a boolean",
  ipamDriver: "a string",
  ipamOptions: "a map of strings",
  ipamConfigs: "a list",
};

/** What only Docker decides, where the program does not. */
const DECIDED_BY_DOCKER = ["driver", "internal", "ipamConfigs", "options", "scope"];

const LOOK_MS = 1000;
const SETTLE_MS = 5000;
const REMOVE_MS = 30_000;

/** Reads the network once the swarm has given it addresses, or as it is where that takes too long. */
async function settled(
  docker: DockerConnection,
  id: string,
  { signal }: Operation,
): Promise<NetworkFacts> {
  const started = Date.now();
  for (;;) {
    const facts = await findIn<NetworkFacts>(docker, `/networks/${id}`);
    if (facts && ((facts.IPAM.Config ?? []).length > 0 || Date.now() - started > SETTLE_MS)) {
      return facts;
    }
    if (!facts && Date.now() - started > SETTLE_MS) {
      throw new Error(`network ${id} is gone right after it was made`);
    }
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** `docker:index/network:Network`; `host` gives the daemon that the provider is configured with. */
export function networkKind(host: () => DockerHost): ResourceKind {
  return {
    check(inputs) {
      const present = { ipamDriver: "default", ...given(inputs) };
      return { inputs: present, faults: [...findFaults(present, RULES), ...nameFaults(present)] };
    },
    replaces: () => true,
    // The daemon adds options of its own to an overlay network, which the real plugin takes for a change; programs
    // ignore changes of `options` for that.
    drift: (outputs, inputs) =>
      inputs.options === undefined
        ? new Map()
        : diffProperties({ options: outputs.options ?? null }, { options: inputs.options }),
    deletesFirst: (before, after) => before.name === after.name,
    async create(inputs, operation) {
      if (operation.preview) {
        const unknown = DECIDED_BY_DOCKER.map((name) => [name, UNKNOWN] as const);
        return { id: "", outputs: { ...Object.fromEntries(unknown), ...inputs } };
      }
      return withDocker(host(), operation.signal, async (docker) => {
        try {
          const made = (await docker.call("POST", "/networks/create", requestOf(inputs))) as {
            Id: string;
          };
          return {
            id: made.Id,
            outputs: outputsOf(made.Id, await settled(docker, made.Id, operation)),
          };
        } catch (error) {
          throw new Error(`Unable to create network: ${(error as Error).message}`);
        }
      });
    },
    read: (id, _outputs, { signal }) =>
      withDocker(host(), signal, async (docker) => {
        const facts = await findIn<NetworkFacts>(docker, `/networks/${id}`);
        return facts && outputsOf(id, facts);
      }),
    importedInputs: inputsOf,
    delete: (id, _outputs, { signal }) =>
      withDocker(host(), signal, async (docker) => {
        const started = Date.now();
        for (;;) {
          try {
            await docker.call("DELETE", `/networks/${id}`);
            return;
          } catch (error) {
            if (error instanceof DockerError && error.status === 404) {
              return;
            }
            const busy = (error as Error).message.includes("has active endpoints");
            if (!busy || Date.now() - started > REMOVE_MS) {
              throw error;
            }
          }
          await sleep(LOOK_MS, undefined, { signal });
        }
      }),
  };
}
