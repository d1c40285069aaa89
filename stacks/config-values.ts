import { z } from "zod";
import { canonical, isForMachines, prefixOf } from "./cidr";

// Messages are "rule; cure". What was got is put between the two where a fault is shown.

/** TCP and UDP ports that nothing may be opened on: SSH, and what the swarm's nodes talk among themselves. */
export const RESERVED_PORTS: readonly number[] = [22, 2377, 4789, 7946];

/** Name of a machine or an app: a host label that starts with a letter, so that no tool takes it for an address. */
export const NAME_PATTERN = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** A map of settings; one that it does not have is a fault. */
export function section<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, { error: `must be a map of settings; there are ${known}` });
}

/** A whole number of something, from the least to the most. */
export function wholeNumber(of: string, least: number, most: number): z.ZodInt {
  const error = `must be a whole number of ${of} from ${String(least)} to ${String(most)}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** An IPv4 network in CIDR notation that machines can have, with a prefix from the shortest to the longest. */
export function network(shortest: number, longest: number): z.ZodString {
  const sizes = `from /${String(shortest)} to /${String(longest)}`;
  const form = `must be an IPv4 network in CIDR notation, ${sizes}; for example 10.77.0.0/24`;
  return z.string({ error: form }).check((ctx) => {
    const { value, issues } = ctx;
    const refuse = (message: string): void => {
      issues.push({ code: "custom", message, input: value });
    };
    const bits = prefixOf(value);
    if (!z.cidrv4().safeParse(value).success || bits < shortest || bits > longest) {
      refuse(form);
    } else if (canonical(value) !== value) {
      refuse(`must be a network, not an address inside it; write ${canonical(value)}`);
    } else if (!isForMachines(value)) {
      refuse("must be a network for machines; choose a private one, for example 10.77.0.0/24");
    }
  });
}

function isOpenable(port: string): boolean {
  const [number = "", protocol] = port.split("/");
  const valid = /^[1-9]\d{0,4}$/.test(number) && Number(number) <= 65535;
  return valid && (protocol === "tcp" || protocol === "udp");
}

const OPEN_RULE = "must be a port and its protocol; for example 8080/tcp or 443/udp";

/** A port that is reachable from outside. */
export const OpenPort = z
  .string({ error: OPEN_RULE })
  .refine(isOpenable, { error: OPEN_RULE, abort: true })
  .refine((port) => !RESERVED_PORTS.includes(Number.parseInt(port, 10)), {
    error: `must be none of the cluster's own ports ${RESERVED_PORTS.join(", ")}; choose another`,
  });

/** The network of the machines. */
export const NodeCidr = network(16, 28).describe(
  "IPv4 network of the machines' private addresses, CIDR notation, /16 to /28.",
);

/** What a machine does in the swarm. */
export const Role = z
  .enum(["manager", "worker"], { error: "must be manager or worker" })
  .describe("Managers keep the swarm's state and run containers too; workers run containers only.");

/** A machine's address on the node network. */
export const Address = z
  .ipv4({ error: "must be an IPv4 address; for example 10.77.0.11" })
  .describe("Static IPv4 address, inside network.cidr.");

// What swarmkit accepts in a placement constraint: a label outside of it could be set, but never be used.
/** Name of a swarm node label. */
export const LabelName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/, {
  error: "must be letters, digits, dots, dashes and underscores, 128 at most; rename the label",
});
const LABEL_RULE =
  "must be text of letters, digits, spaces and : . _ - /, 256 at most; put numbers, true and false into quotes";

/** Value of a swarm node label. */
export const LabelValue = z
  .string({ error: LABEL_RULE })
  .regex(/^[A-Za-z0-9:._/-](?:[A-Za-z0-9:._/ -]{0,254}[A-Za-z0-9:._/-])?$/, { error: LABEL_RULE });

/** Pool of the bridge networks. */
export const DockerPool = network(8, 22)
  .default("172.28.0.0/16")
  .describe("Pool of the engine's own bridge networks, CIDR notation, /8 to /22; a /24 for each.");

/** Pool of the overlay networks. */
export const SwarmPool = network(8, 24)
  .default("10.201.0.0/16")
  .describe("Pool of the overlay networks, CIDR notation, /8 to /24; fixed once the swarm exists.");

/** Size of an overlay network. */
export const SubnetBits = wholeNumber("bits", 16, 28)
  .default(24)
  .describe("Prefix length of each overlay network, in bits; fixed once the swarm exists.");

/** The port of the overlay networks' packets. */
export const DataPathPort = wholeNumber("a port", 1024, 49_151)
  .default(4789)
  .describe("UDP port of the overlay networks' VXLAN; fixed once the swarm exists.");
