import { readFileSync } from "node:fs";
import { join } from "node:path";
import { composeNeeds } from "../components/compose/compose";
import { type ComposeFault, renderComposeFaults } from "../components/compose/compose-fault";
import { readCompose } from "../components/compose/compose-file";
import { type DataFolder, declaredFolders } from "../components/compose/compose-folders";
import { publishedPorts } from "../components/compose/compose-ports";
import { fillHost } from "../components/compose/compose-variables";
import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import type { StackFile } from "../components/stack/stack";
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

function portFaults(app: string, root: unknown, owners: Owners, reserved: number[]): Fault[] {
  return publishedPorts(root).flatMap(({ path, got, port, protocol }): Fault[] => {
    if (reserved.includes(port)) {
      const message = `must be none of the cluster's own ports ${reserved.join(", ")}; publish another`;
      return [{ path, message, got }];
    }
    const key = `${String(port)}/${protocol}`;
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
  const dataPathPort = read(DataPathPort, value, ["swarm", "dataPathPort"]);
  const reserved = [...new Set([...RESERVED_PORTS, ...(dataPathPort ? [dataPathPort] : [])])];
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
    const all: ComposeFault[] = [...faults, ...portFaults(app, root, owners, reserved)];
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
