import { z } from "zod";
import { Address, section } from "./config-values";

/** Ports that an entry opens by itself. */
export const ENTRY_OPEN: readonly string[] = ["80/tcp", "443/tcp", "443/udp"];

const LONGEST_HOST = 253;
const LONGEST_APP = 32;

/** A host name by DNS's rules; the last part is no number, or it would be an address. */
function hostName(longest: number, example: string): z.ZodString {
  const error = `must be a host name of small letters, digits, dashes and dots, ${String(longest)} at most; for example ${example}`;
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const pattern = new RegExp(`^(?:${label}\\.)*(?!\\d+$)${label}$`);
  return z.string({ error }).max(longest, { error }).regex(pattern, { error });
}

/** Host name of an app. */
export const HostName = hostName(LONGEST_HOST, "hello.swarm.test").describe(
  "Host name by which the entry leads to the app; <app>.<entry.domain> where it is left out.",
);

/** What the host names of apps end in; leaves room for the longest name of an app. */
export const Domain = hostName(LONGEST_HOST - LONGEST_APP - 1, "swarm.test").describe(
  "What the host names of apps end in: <app>.<domain>.",
);

/** VRRP version 3 counts in hundredths of a second (RFC 9568, 5.2.7). */
function seconds(least: number, most: number): z.ZodNumber {
  const error = `must be seconds from ${String(least)} to ${String(most)}, in steps of 0.01`;
  const isWhole = (value: number): boolean =>
    Math.abs(value * 100 - Math.round(value * 100)) < 1e-6;
  return z.number({ error }).min(least, { error }).max(most, { error }).refine(isWhole, { error });
}

const ROUTER_RULE = "must be a VRRP router id, a whole number from 1 to 255";

const Vrrp = section({
  kind: z.literal("vrrp"),
  address: Address.describe(
    "IPv4 address that visitors ask, inside network.cidr and nobody's own: one manager at a time holds it.",
  ),
  domain: Domain,
  routerId: z
    .int({ error: ROUTER_RULE })
    .min(1, { error: ROUTER_RULE })
    .max(255, { error: ROUTER_RULE })
    .default(51)
    .describe("VRRP's id of the address, 1 to 255; no other VRRP in the network may have it."),
  advertSeconds: seconds(0.1, 5)
    .default(0.3)
    .describe(
      "How often the holder says that it lives, in seconds, 0.1 to 5; another manager takes over after a little more than three times that.",
    ),
  checkSeconds: seconds(0.2, 10)
    .default(0.5)
    .describe(
      "How often each manager looks whether its Traefik takes requests, in seconds, 0.2 to 10; after two that failed it gives the address up.",
    ),
}).describe("A moving address in the machines' own network, by VRRP.");

/** The one address that visitors ask. */
export const EntrySection = z
  .discriminatedUnion("kind", [Vrrp], {
    error: ({ input }) =>
      typeof input === "object" && input !== null
        ? "must be a known kind of entry; there is vrrp"
        : "must be a map of settings; for example {kind: vrrp, address: 10.77.0.10, domain: swarm.test}",
  })
  .describe(
    "One address for all apps, by their host names: it moves to another manager when its holder is gone. Opens 80/tcp, 443/tcp and 443/udp. Where it is left out, apps are reached by their own ports.",
  );
