import { parseDocument } from "yaml";
import { entriesAt, valueAt } from "../lib/fault";
import { yamlReason } from "../lib/yaml-reason";
import type { ComposeFault } from "./compose-fault";
import { folderFaults } from "./compose-folders";
import { issueFaults } from "./compose-issues";
import { labelFaults } from "./compose-labels";
import { mountFaults } from "./compose-mounts";
import { nameFaults } from "./compose-names";
import { portFaults } from "./compose-ports";
import { networkFaults, referenceFaults } from "./compose-references";
import { ComposeSchema } from "./compose-schema";
import { variableFaults } from "./compose-variables";

/** A compose file as it was read, with all that is wrong with it. */
export interface ComposeFile {
  /** What the file holds; nothing where it cannot be read. */
  root: unknown;
  faults: readonly ComposeFault[];
}

function parse(text: string): { root: unknown } | { reason: string } {
  try {
    const document = parseDocument(text, { merge: true });
    const [error] = document.errors;
    return error ? { reason: yamlReason(error) } : { root: document.toJS() as unknown };
  } catch (error) {
    // An alias without its anchor is only found here.
    return { reason: yamlReason(error as Error) };
  }
}

function emptyFaults(root: unknown): ComposeFault[] {
  const services = valueAt(root, ["services"]);
  const isEmptyMap =
    typeof services === "object" && services !== null && entriesAt(services, []).length === 0;
  const message = "must hold at least one service; add one";
  return isEmptyMap ? [{ path: ["services"], message, shown: "none" }] : [];
}

/**
 * Reads a compose v3 file and finds what would make the swarm refuse it, ignore part of it, or give too much away.
 *
 * @param app name of the stack that it is deployed as
 */
export function readCompose(app: string, text: string): ComposeFile {
  const parsed = parse(text);
  if ("reason" in parsed) {
    const message = "must be YAML; mend the place, or put the text into quotes";
    return { root: undefined, faults: [{ path: [], message, shown: parsed.reason }] };
  }
  const { root } = parsed;
  const { error } = ComposeSchema.safeParse(root);
  const faults = [
    ...issueFaults(error?.issues ?? [], root),
    ...emptyFaults(root),
    ...mountFaults(app, root),
    ...folderFaults(app, root),
    ...portFaults(root),
    ...referenceFaults(root),
    ...networkFaults(root),
    ...nameFaults(app, root),
    ...labelFaults(root),
    ...variableFaults(root),
  ];
  return { root, faults };
}
