import { posix } from "node:path";
import { entriesAt, type Fault, valueAt } from "../lib/fault";

/** One mount of a service, as far as it can be read. */
interface Mount {
  path: readonly PropertyKey[];
  type: "bind" | "volume" | "other";
  source: string;
}

const DOCKER_SOCKETS = ["/var/run/docker.sock", "/run/docker.sock"];

/** Where an app may keep its files: what it is set up with, what must be kept, and what can be made again. */
export function dataFolders(app: string): string[] {
  return [`/var/data/config/${app}`, `/var/data/${app}`, `/var/data/runtime/${app}`];
}

function readMount(path: readonly PropertyKey[], value: unknown): Mount[] {
  if (typeof value === "string") {
    const [source = "", target] = value.split(":");
    if (target === undefined) {
      return [];
    }
    return [{ path, source, type: /^[./~]/.test(source) ? "bind" : "volume" }];
  }
  const [type, source] = [valueAt(value, ["type"]), valueAt(value, ["source"])];
  if (typeof source !== "string") {
    return type === "bind" ? [{ path, source: "", type }] : [];
  }
  return [{ path, source, type: type === "bind" || type === "volume" ? type : "other" }];
}

function sourceFault(app: string, path: readonly PropertyKey[], source: string): Fault[] {
  const real = posix.normalize(source);
  if (DOCKER_SOCKETS.includes(real)) {
    const message =
      "must not be Docker's socket, with which a container is root on every node; take it out";
    return [{ path, message, got: source }];
  }
  const inside = dataFolders(app).some(
    (folder) => real === folder || real.startsWith(`${folder}/`),
  );
  if (posix.isAbsolute(source) && inside) {
    return [];
  }
  const rule = `must lie in the data layout: ${dataFolders(app).join(", ")}`;
  const cure = "move it there, or declare a volume under volumes";
  return [{ path, message: `${rule}; ${cure}`, got: source }];
}

/** A volume of the local driver can be a bind mount by another name. */
function boundVolumeFaults(app: string, root: unknown): Fault[] {
  return entriesAt(root, ["volumes"]).flatMap(([name]) => {
    const path = ["volumes", name, "driver_opts", "device"];
    const options = valueAt(root, ["volumes", name, "driver_opts", "o"]);
    const device = valueAt(root, path);
    const binds = typeof options === "string" && options.split(",").some((o) => /^r?bind$/.test(o));
    return binds && typeof device === "string" ? sourceFault(app, path, device) : [];
  });
}

/** Mounts of what is not the app's own, and of volumes that the file does not declare. */
export function mountFaults(app: string, root: unknown): Fault[] {
  const declared = entriesAt(root, ["volumes"]).map(([name]) => name);
  const faults = entriesAt(root, ["services"]).flatMap(([service]) =>
    entriesAt(root, ["services", service, "volumes"]).flatMap(([index, value]) =>
      readMount(["services", service, "volumes", Number(index)], value).flatMap(
        ({ path, type, source }): Fault[] => {
          if (type === "bind") {
            return sourceFault(app, path, source);
          }
          const message = "must be declared; add it to the file's volumes";
          return type === "volume" && !declared.includes(source)
            ? [{ path, message, got: source }]
            : [];
        },
      ),
    ),
  );
  return [...faults, ...boundVolumeFaults(app, root)];
}
