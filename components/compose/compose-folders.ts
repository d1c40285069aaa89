import { z } from "zod";
import { entriesAt, type Fault, valueAt } from "../lib/fault";
import { dataFolders } from "./compose-mounts";
import { section } from "./compose-values";

/** Key of the file under which folders on the shared storage stand, by path. */
export const FOLDERS = "x-folders";

/** A folder on the shared storage, as an app expects it. */
export interface DataFolder {
  /** Absolute path. */
  path: string;
  /** `<user>:<group>`, a container's own by number. */
  owner: string;
  /** Permissions, octal. */
  mode: string;
}

const OWNER =
  "must be a user and a group by number and in quotes, since a container's are not the machine's; for example '33:33'";
const MODE = "must be permissions, octal and in quotes; for example '750'";

/** A folder that is made before the app, under its path. */
export const Folder = section({
  owner: z.string({ error: OWNER }).regex(/^\d{1,9}:\d{1,9}$/, { error: OWNER }),
  mode: z.string({ error: MODE }).regex(/^[1-7][0-7]{2,3}$/, { error: MODE }),
});

/** Without dots as a folder's name, which could lead out of the app's own. */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/;

/** Folders that are not the app's to have. */
export function folderFaults(app: string, root: unknown): Fault[] {
  const own = dataFolders(app);
  const rule = `must be a path of letters, digits and . _ - inside of ${own.join(", ")}`;
  return entriesAt(root, [FOLDERS])
    .filter(([path]) => !PATH.test(path) || !own.some((folder) => path.startsWith(`${folder}/`)))
    .map(([path]) => ({ path: [FOLDERS, path], message: `${rule}; move it there`, got: path }));
}

/** The folders of a file without faults, each after the one that it lies in. */
export function declaredFolders(root: unknown): DataFolder[] {
  return entriesAt(root, [FOLDERS])
    .map(([path, folder]) => ({
      path,
      owner: String(valueAt(folder, ["owner"])),
      mode: String(valueAt(folder, ["mode"])),
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
