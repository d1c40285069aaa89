import { findFaults, given } from "../input-rules";
import type { Fault, ResourceKind } from "../resource-kind";
import { type Properties, reveal, secret, UNKNOWN } from "../wire-values";
import { findIn, withDocker } from "./docker-connection";
import type { DockerHost } from "./docker-host";
import { META, nameFaults, toDockerLabels } from "./docker-labels";

function dataFaults(inputs: Properties): Fault[] {
  const data = reveal(inputs.data ?? null);
  if (typeof data !== "string") {
    return [{ property: "data", reason: "must be given" }];
  }
  const canonical = Buffer.from(data, "base64").toString("base64") === data;
  return data === UNKNOWN || canonical ? [] : [{ property: "data", reason: "must be base64 text" }];
}

/** `docker:index/secret:Secret`; `host` gives the daemon that the provider is configured with. */
export function secretKind(host: () => DockerHost): ResourceKind {
  return {
    check(inputs) {
      const present = given(inputs);
      const marked =
        "data" in present ? { ...present, data: secret(present.data ?? null) } : present;
      const rules = { name: "a string", data: "a string", labels: "a list" } as const;
      const faults = [
        ...findFaults(present, rules),
        ...nameFaults(present),
        ...dataFaults(present),
      ];
      return { inputs: marked, faults };
    },
    replaces: () => true,
    deletesFirst: (before, after) => before.name === after.name,
    async create(inputs, { preview, signal }) {
      if (preview) {
        return { id: "", outputs: inputs };
      }
      const { name = null, data = null, labels } = reveal(inputs) as Properties;
      const body = { Name: name, Data: data, Labels: toDockerLabels(labels) };
      const made = await withDocker(host(), signal, (docker) =>
        docker.call("POST", "/secrets/create", body),
      );
      const { ID: id } = made as { ID: string };
      return { id, outputs: { labels: [], ...inputs, id, __meta: META } };
    },
    // Docker never shows a secret's content, so what the state has of it stays.
    read: (id, outputs, { signal }) =>
      withDocker(host(), signal, async (docker) => {
        const facts = await findIn<{ Spec: { Name: string } }>(docker, `/secrets/${id}`);
        return facts && { ...outputs, name: facts.Spec.Name };
      }),
    delete: (id, _outputs, { signal }) =>
      withDocker(host(), signal, async (docker) => {
        if (await findIn(docker, `/secrets/${id}`)) {
          await docker.call("DELETE", `/secrets/${id}`);
        }
      }),
  };
}
