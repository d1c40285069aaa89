import { z } from "zod";
import { Deploy } from "./compose-deploy";
import {
  byName,
  Count,
  Duration,
  Flag,
  Image,
  Options,
  oneOf,
  Pairs,
  Quantity,
  section,
  Text,
  TextOrList,
  Texts,
  Words,
} from "./compose-values";

const Mount = section({
  type: oneOf("bind", "volume", "tmpfs"),
  source: Text.optional(),
  target: Text,
  read_only: Flag.optional(),
  consistency: Text.optional(),
  bind: section({ propagation: Text.optional() }).optional(),
  volume: section({ nocopy: Flag.optional() }).optional(),
  tmpfs: section({ size: Count.optional() }).optional(),
});

const Port = section({
  mode: oneOf("ingress", "host").optional(),
  target: Count,
  published: Count.optional(),
  protocol: oneOf("tcp", "udp", "sctp").optional(),
});

/** A secret or a config that a service reads as a file. */
const File = section({
  source: Text,
  target: Text.optional(),
  uid: Text.optional(),
  gid: Text.optional(),
  mode: Quantity.optional(),
});
const Files = z.array(z.union([Text, File], { error: "must be a name or a map" }), {
  error: "must be a list of names",
});

const Attachment = section({
  aliases: Texts.optional(),
  driver_opts: Options.optional(),
  ipv4_address: Text.optional(),
  ipv6_address: Text.optional(),
}).nullable();

const Healthcheck = section({
  disable: Flag.optional(),
  test: Words.optional(),
  interval: Duration.optional(),
  timeout: Duration.optional(),
  start_period: Duration.optional(),
  start_interval: Duration.optional(),
  retries: Count.optional(),
});

/** A service, as far as a swarm heeds it. */
export const Service = section({
  image: Image,
  command: Words.optional(),
  entrypoint: Words.optional(),
  environment: Pairs.optional(),
  ports: z
    .array(z.union([Text, Count, Port], { error: "must be text, a number or a map" }), {
      error: "must be a list of ports",
    })
    .optional(),
  volumes: z
    .array(z.union([Text, Mount], { error: "must be text or a map" }), {
      error: "must be a list of mounts",
    })
    .optional(),
  networks: z
    .union([Texts, byName("networks", Attachment)], {
      error: "must be a list or a map of networks",
    })
    .optional(),
  secrets: Files.optional(),
  configs: Files.optional(),
  healthcheck: Healthcheck.optional(),
  deploy: Deploy.optional(),
  depends_on: z
    .array(Text, { error: "must be a list of services; a swarm starts them in any order" })
    .optional(),
  labels: Pairs.optional(),
  logging: section({ driver: Text.optional(), options: Options.optional() }).optional(),
  user: Text.optional(),
  working_dir: Text.optional(),
  hostname: Text.optional(),
  init: Flag.optional(),
  read_only: Flag.optional(),
  stdin_open: Flag.optional(),
  tty: Flag.optional(),
  stop_grace_period: Duration.optional(),
  stop_signal: Text.optional(),
  tmpfs: TextOrList.optional(),
  sysctls: Pairs.optional(),
  ulimits: byName(
    "limits",
    z.union([Count, section({ soft: Quantity, hard: Quantity })], {
      error: "must be a whole number, or a map of soft and hard",
    }),
  ).optional(),
  cap_add: Texts.optional(),
  cap_drop: Texts.optional(),
  dns: TextOrList.optional(),
  dns_search: TextOrList.optional(),
  extra_hosts: Pairs.optional(),
  expose: z.array(z.union([Text, Count]), { error: "must be a list of ports" }).optional(),
});
