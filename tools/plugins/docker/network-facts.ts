import { given } from "../input-rules";
import { type Properties, reveal, type Value } from "../wire-values";
import { fromDockerLabels, META, toDockerLabels } from "./docker-labels";

/** What Docker says of a network. */
export interface NetworkFacts {
  Name: string;
  Driver: string;
  Scope: string;
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  EnableIPv6: boolean;
  Labels: Record<string, string> | null;
  Options: Record<string, string> | null;
  IPAM: {
    Driver: string;
    Options: Record<string, string> | null;
    Config:
      | {
          Subnet?: string;
          Gateway?: string;
          IPRange?: string;
          AuxiliaryAddresses?: Record<string, string>;
        }[]
      | null;
  };
}

/** Docker's request for a network with the provider's inputs. */
export function requestOf(inputs: Properties): Properties {
  const plain = reveal(inputs) as Properties;
  const configs = (plain.ipamConfigs ?? []) as readonly Record<string, Value>[];
  return given({
    Name: plain.name ?? null,
    Labels: toDockerLabels(plain.labels),
    Driver: plain.driver ?? null,
    Options: plain.options ?? null,
    Internal: plain.internal ?? null,
    Attachable: plain.attachable ?? null,
    Ingress: plain.ingress ?? null,
    EnableIPv6: plain.ipv6 ?? null,
    IPAM: given({
      Driver: plain.ipamDriver ?? "default",
      Options: plain.ipamOptions ?? null,
      Config: configs.map(({ subnet = null, gateway = null, ipRange = null, auxAddress = null }) =>
        given({
          Subnet: subnet,
          Gateway: gateway,
          IPRange: ipRange,
          AuxiliaryAddresses: auxAddress,
        }),
      ),
    }),
  });
}

/**
 * The inputs that make a network as this one is, for its import. What Docker decides by itself is left out, as it is
 * with the real plugin: a program that does not say it differs in nothing.
 */
export function inputsOf(outputs: Properties): Properties {
  const { name = null, driver = null, options = null, ipamDriver = null, labels } = outputs;
  const flags = ["attachable", "ingress", "internal", "ipv6"].filter(
    (flag) => outputs[flag] === true,
  );
  return {
    name,
    driver,
    options,
    ipamDriver,
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
    ...(Array.isArray(labels) && labels.length > 0 ? { labels } : {}),
  };
}

/** The provider's properties of a network that is there. */
export function outputsOf(id: string, facts: NetworkFacts): Properties {
  const { IPAM } = facts;
  return {
    id,
    __meta: META,
    name: facts.Name,
    attachable: facts.Attachable,
    driver: facts.Driver,
    ingress: facts.Ingress,
    internal: facts.Internal,
    ipamConfigs: (IPAM.Config ?? []).map(({ Subnet, Gateway, IPRange, AuxiliaryAddresses }) => ({
      auxAddress: AuxiliaryAddresses ?? {},
      gateway: Gateway ?? "",
      ipRange: IPRange ?? "",
      subnet: Subnet ?? "",
    })),
    ipamDriver: IPAM.Driver,
    ipamOptions: IPAM.Options,
    ipv6: facts.EnableIPv6,
    labels: fromDockerLabels(facts.Labels),
    options: facts.Options ?? {},
    scope: facts.Scope,
  };
}
