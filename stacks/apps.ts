import { readFileSync } from "node:fs";
import { join } from "node:path";
import { composeNeeds } from "../components/compose/compose";
import { type ComposeFault, renderComposeFaults } from "../components/compose/compose-fault";
import { readCompose } from "../components/compose/compose-file";
import { type DataFolder, declaredFolders } from "../components/compose/compose-folders";
import { routedServices } from "../components/compose/compose-labels";
import { publishedPorts } from "../components/compose/compose-ports";
import { fillHost } from "../components/compose/compose-variables";
import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import type { StackFile } from "../components/stack/stack";
import { PING_PORT } from "../components/traefik/traefik-flags";
import { ENTRY_OPEN } from "./config-entry";
import { read } from "./config-fault";
import { DataPathPort, NAME_PATTERN, RESERVED_PORTS } from "./config-values";

/** Where the apps of every environment lie. */
export const APPS = join(__dirname, "../apps");

/** What the compose files of an environment's apps have against them. */
export interface AppFaults {
  /** Apps of the config that lack what they need: a compose file that can be read, or shared storage. */
  missing: Fault[];
  /** All faults of each file, under its name. */
  blocks: string[];
}

/** Who publishes a port already, for example `services.whoami of whoami`. */
type Owners = Map<string, string>;

/** Ports that no app may publish. */
interface KeptPorts {
  /** Numbers that the cluster itself uses. */
  cluster: readonly number[];
  /** What the entry has, each `<port>/<protocol>`. */
  entry: readonly string[];
}

function keptPorts(value: unknown): KeptPorts {
  const dataPathPort = read(DataPathPort, value, ["swarm", "dataPathPort"]);
  const cluster = new Set([...RESERVED_PORTS, ...(dataPathPort ? [dataPathPort] : [])]);
  const hasEntry = valueAt(value, ["entry"]) !== undefined;
  const entry = hasEntry ? [...ENTRY_OPEN, `${String(PING_PORT)}/tcp`] : [];
  return { cluster: [...cluster], entry };
}

function readApp(folder: string, app: string): { text: string } | { fault: Fault } {
  try {
    return { text: readFileSync(join(folder, app, "compose.yaml"), "utf8") };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const rule = `must have a file apps/${app}/compose.yaml`;
    const cure = "write it, or take the app out of the config";
    const got = code === "ENOENT" ? undefined : code;
    return { fault: { path: ["apps", app], message: `${rule}; ${cure}`, got } };
  }
}

/** A folder of an app would be made nowhere, and its container not start. */
function storageFaults(app: string, root: unknown, value: unknown): Fault[] {
  const message =
    "must have shared storage for the folders that its compose.yaml declares; add storage, for example {kind: local} with one machine";
  const lacks = declaredFolders(root).length > 0 && valueAt(value, ["storage"]) === undefined;
  return lacks ? [{ path: ["apps", app], message, got: undefined }] : [];
}

function portFaults(app: string, root: unknown, owners: Owners, kept: KeptPorts): Fault[] {
  return publishedPorts(root).flatMap(({ path, got, port, protocol }): Fault[] => {
    if (kept.cluster.includes(port)) {
      const message = `must be none of the cluster's own ports ${kept.cluster.join(", ")}; publish another`;
      return [{ path, message, got }];
    }
    const key = `${String(port)}/${protocol}`;
    if (kept.entry.includes(key)) {
      const message = `must be none of the entry's own ports ${kept.entry.join(", ")}; publish another, or none, as the entry leads to the app by its host name`;
      return [{ path, message, got }];
    }
    const owner = owners.get(key);
    if (owner !== undefined) {
      const message = `must publish a port of its own, ${key} is taken by ${owner}; publish another`;
      return [{ path, message, got }];
    }
    owners.set(key, `${path.slice(0, 2).map(String).join(".")} of ${app}`);
    return [];
  });
}

/**
 * Checks the compose file of every app of an environment, each by itself and all against each other.
 *
 * @param value what stands under `swarmstead:cluster`, right or wrong
 * @param folder holds a folder for each app
 */
export function findAppFaults(value: unknown, folder: string): AppFaults {
  const owners: Owners = new Map();
  const kept = keptPorts(value);
  const result: AppFaults = { missing: [], blocks: [] };
  // A name that is none could lead out of the folder; the config's own rules tell of it.
  const apps = entriesAt(value, ["apps"]).filter(([app]) => NAME_PATTERN.test(app));
  for (const [app] of apps) {
    const file = readApp(folder, app);
    if ("fault" in file) {
      result.missing.push(file.fault);
      continue;
    }
    const { root, faults } = readCompose(app, file.text);
    result.missing.push(...storageFaults(app, root, value));
    const all: ComposeFault[] = [...faults, ...portFaults(app, root, owners, kept)];
    if (all.length > 0) {
      result.blocks.push(renderComposeFaults(`apps/${app}/compose.yaml`, all, root));
    }
  }
  return result;
}

/** The folders that the compose file of an app declares, as `findAppFaults` has found them right. */
export function appFolders(app: string): readonly DataFolder[] {
  const file = readApp(APPS, app);
  return "text" in file ? declaredFolders(readCompose(app, file.text).root) : [];
}

/**
 * Whether an entry is to lead to the app: one of its services tells Traefik so.
 *
 * @param folder holds a folder for each app
 */
export function isRouted(app: string, folder = APPS): boolean {
  const file = readApp(folder, app);
  return "text" in file && routedServices(readCompose(app, file.text).root).length > 0;
}

/**
 * The compose file of an app, ready to be deployed.
 *
 * @param host name by which visitors reach it
 * @throws {ComposeError} naming every fault of it
 */
export function appFile(app: string, host: string): StackFile {
  const source = join("apps", app, "compose.yaml");
  const text = fillHost(readFileSync(join(APPS, app, "compose.yaml"), "utf8"), host);
  return { text, needs: composeNeeds(app, text, source), source };
}
