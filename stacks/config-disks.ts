import { z } from "zod";
import { DATA_DISK } from "../components/lab/vm-values";
import { entriesAt, type Fault, valueAt } from "../components/lib/fault";
import { read } from "./config-fault";

const DISK_RULE = `must be a disk's name under /dev/disk/by-id; for example ${DATA_DISK}`;

const DiskName = z
  .string({ error: DISK_RULE })
  .regex(/^[A-Za-z0-9._:-]{1,128}$/, { error: DISK_RULE });

/** The disks that may be erased. */
export const WipeList = z
  .array(DiskName, { error: `must be a list of disks; for example [${DATA_DISK}]` })
  .default([])
  .describe(
    "Names of disks under /dev/disk/by-id that are erased whatever is on them, when they become part of the storage; any other must be empty.",
  );

/** A disk that is listed twice, or that is none of those that storage takes, is a slip of whoever wants something erased. */
export function wipeFaults(value: unknown): Fault[] {
  const list = entriesAt(value, ["storage", "wipe"]);
  const inLab = valueAt(value, ["platform", "kind"]) === "lab";
  return list.flatMap(([key], index): Fault[] => {
    const path = ["storage", "wipe", Number(key)];
    const disk = read(DiskName, value, path);
    if (disk === undefined) {
      return [];
    }
    if (list.findIndex(([, other]) => other === disk) < index) {
      return [{ path, message: "must be listed once; take one of the two out" }];
    }
    const message = `must be a disk that storage takes, which is ${DATA_DISK} alone in the lab; correct it, or take it out`;
    return inLab && disk !== DATA_DISK ? [{ path, message }] : [];
  });
}
