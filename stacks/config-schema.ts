import { z } from "zod";
import { AccessSection } from "./config-access";
import { EntrySection, HostName } from "./config-entry";
import { StorageSection } from "./config-storage";
import {
  Address,
  DataPathPort,
  DockerPool,
  LabelName,
  LabelValue,
  NAME_PATTERN,
  NodeCidr,
  OpenPort,
  Role,
  SubnetBits,
  SwarmPool,
  section,
  wholeNumber,
} from "./config-values";

const IN_A_LATER_RELEASE = ["garage", "hcloud", "aws"] as const;

const Lab = section({
  kind: z.literal("lab"),
  memoryMiB: wholeNumber("MiB", 1024, 1_048_576)
    .default(3072)
    .describe("Memory of each VM, in MiB; a change takes effect when the VM starts the next time."),
  cpus: wholeNumber("CPUs", 1, 64)
    .optional()
    .describe(
      "CPUs of each VM; 2 by default, and 1 where processors are emulated, as several that share few real ones wait for each other. A change takes effect when the VM starts the next time.",
    ),
  diskGiB: wholeNumber("GiB", 8, 65_536)
    .default(20)
    .describe("Size of each VM's system disk, in GiB; takes room on this computer as it fills."),
  dataDiskGiB: wholeNumber("GiB", 1, 65_536)
    .default(8)
    .describe("Size of each VM's disk for shared storage, in GiB; takes room as it fills."),
}).describe("Throw-away VMs on this computer.");

/** A platform that is known by name, so that a stack file can be written for it, and refused with a clear word. */
const Later = z
  .looseObject({ kind: z.enum(IN_A_LATER_RELEASE) })
  .transform(({ kind }, { issues }) => {
    const message = `must be lab; platform ${kind} comes with a later release, use lab until then`;
    issues.push({ code: "custom", path: ["kind"], message, input: kind });
    return z.NEVER;
  })
  .describe("Comes with a later release.");

const KINDS = ["lab", ...IN_A_LATER_RELEASE].join(", ");

const Platform = z
  .discriminatedUnion("kind", [Lab, Later], {
    error: ({ input }) =>
      typeof input === "object" && input !== null
        ? `must be a known platform; there are ${KINDS}`
        : "must be a map of settings; for example {kind: lab}",
  })
  .describe("Where the machines come from.");

const Network = section({
  cidr: NodeCidr,
  mtu: wholeNumber("bytes", 1280, 9000)
    .default(1500)
    .describe("Bytes of a whole packet on that network, 1280 to 9000; overlays take 50 less."),
  open: z
    .array(OpenPort, { error: "must be a list of ports; for example [8080/tcp]" })
    .default([])
    .describe("Ports that are reachable from outside on every machine: 8080/tcp, 443/udp."),
}).describe("The network that the machines share.");

const Machine = section({
  role: Role,
  address: Address,
  labels: z
    .record(LabelName, LabelValue, { error: "must be a map of labels; for example {disk: ssd}" })
    .default({})
    .describe("Swarm node labels, for placement constraints as node.labels.<name>."),
  generation: wholeNumber("rebuilds", 1, 1_000_000)
    .default(1)
    .describe("Raise it to have the machine rebuilt under its name; from 1."),
});

const Machines = z
  .record(z.string(), Machine, { error: "must be a map of machines by name" })
  .meta({
    description: "The machines by name, for ever; an odd number of them are managers.",
    propertyNames: { pattern: NAME_PATTERN.source },
  });

const Docker = section({
  addressPool: DockerPool,
  logMaxMiB: wholeNumber("MiB", 1, 10_240)
    .default(10)
    .describe("Size at which a container's log is rotated, in MiB."),
  logFiles: wholeNumber("files", 1, 100)
    .default(3)
    .describe("Rotated logs that are kept of each container."),
}).describe("Settings of the Docker engine of every machine.");

const Swarm = section({
  addressPool: SwarmPool,
  subnetBits: SubnetBits,
  dispatcherHeartbeatSeconds: wholeNumber("seconds", 1, 60)
    .default(3)
    .describe("How often nodes report; one is taken for dead after three times that. In seconds."),
  dataPathPort: DataPathPort,
}).describe("Settings of the swarm as a whole.");

const Apps = z
  .record(z.string(), section({ host: HostName.optional() }), {
    error: "must be a map of apps by name; for example {whoami: {}}",
  })
  .default({})
  .meta({
    description: "What runs, by name: the folder under apps/ that holds its compose.yaml.",
    propertyNames: { pattern: NAME_PATTERN.source },
  });

/** The whole of `swarmstead:cluster`, as far as each setting can be judged by itself. Holds every default. */
export const ClusterSchema = section({
  platform: Platform,
  network: Network,
  machines: Machines,
  access: AccessSection.prefault({}),
  docker: Docker.prefault({}),
  swarm: Swarm.prefault({}),
  storage: StorageSection.optional(),
  entry: EntrySection.optional(),
  apps: Apps,
}).describe("The cluster of this environment.");

/** A checked environment, defaults filled in. */
export type ClusterConfig = z.output<typeof ClusterSchema>;

/** Its entry; nothing where it has none. */
export type EntryConfig = ClusterConfig["entry"];
