import { z } from "zod";
import { FOLDERS, Folder } from "./compose-folders";
import { Service } from "./compose-service";
import { byName, Flag, Options, Pairs, section, Text } from "./compose-values";

const VERSION = 'must be a version of compose v3 in quotes, for example "3.8"; or leave it out';

const External = z.boolean({ error: "must be true or false; the name goes beside it as name:" });

const Network = section({
  name: Text.optional(),
  external: External.optional(),
  driver: Text.optional(),
  driver_opts: Options.optional(),
  ipam: section({
    driver: Text.optional(),
    config: z.array(section({ subnet: Text }), { error: "must be a list" }).optional(),
  }).optional(),
  internal: Flag.optional(),
  attachable: Flag.optional(),
  labels: Pairs.optional(),
}).nullable();

const Volume = section({
  name: Text.optional(),
  external: External.optional(),
  driver: Text.optional(),
  driver_opts: Options.optional(),
  labels: Pairs.optional(),
}).nullable();

/** How a secret or a config comes to be is a rule of its own, which tells more than the type of each key. */
const File = z.record(z.string(), z.unknown(), { error: "must be a map" }).nullable();

/** A whole compose v3 file, as far as each key can be judged by itself. */
export const ComposeSchema = section({
  version: z
    .string({ error: VERSION })
    .regex(/^3(?:\.(?:\d|1[0-3]))?$/, { error: VERSION })
    .optional(),
  services: byName("services", Service),
  networks: byName("networks", Network).optional(),
  volumes: byName("volumes", Volume).optional(),
  secrets: byName("secrets", File).optional(),
  configs: byName("configs", File).optional(),
  [FOLDERS]: byName("folders", Folder).optional(),
});
