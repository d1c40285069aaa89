import * as pulumi from "@pulumi/pulumi";
import { type Document, parseDocument, visit } from "yaml";
import { entriesAt, valueAt } from "../lib/fault";
import { renderComposeFaults } from "./compose-fault";
import { readCompose } from "./compose-file";
import { type DataFolder, declaredFolders } from "./compose-folders";
import { GENERATE, GENERATION } from "./compose-names";

/** A secret whose content is letters and digits that follow from the stack's seed. */
export interface GeneratedSecret {
  /** How many letters and digits. */
  length: number;
  /** Raised in the file to have another content. */
  generation: number;
}

/** What the program has to know of a compose file. */
export interface ComposeNeeds {
  /** Names of the services. */
  services: readonly string[];
  /** Names of overlay networks that the file expects to exist and that belong to this stack alone: `<stack>-…`. */
  networks: readonly string[];
  /** Secrets whose content follows from the stack's seed, by their keys in the file. */
  secrets: Readonly<Record<string, GeneratedSecret>>;
  /** Folders on the shared storage beside those that every app has, each after the one that it lies in. */
  folders: readonly DataFolder[];
}

/** A compose file that cannot be deployed, with all its faults. */
export class ComposeError extends pulumi.RunError {}

/** What a compose v3 file without faults needs of the program before it can be deployed. */
export function needsOf(stack: string, root: unknown): ComposeNeeds {
  const services = entriesAt(root, ["services"]).map(([name]) => name);
  const networks = entriesAt(root, ["networks"]).flatMap(([key, network]) => {
    const name = valueAt(network, ["name"]) ?? key;
    const isOwn = typeof name === "string" && name.startsWith(`${stack}-`);
    return isOwn && valueAt(network, ["external"]) === true ? [name] : [];
  });
  const secrets = Object.fromEntries(
    entriesAt(root, ["secrets"]).map(([key, secret]): [string, GeneratedSecret] => {
      const generation = Number(valueAt(secret, [GENERATION]) ?? 1);
      return [key, { length: Number(valueAt(secret, [GENERATE])), generation }];
    }),
  );
  return { services, networks, secrets, folders: declaredFolders(root) };
}

/**
 * Reads what an app's compose v3 file needs of the program before it can be deployed.
 *
 * @param file where the text comes from, for messages
 * @throws {ComposeError} with every fault of the file
 */
export function composeNeeds(stack: string, text: string, file: string): ComposeNeeds {
  const { root, faults } = readCompose(stack, text);
  if (faults.length > 0) {
    throw new ComposeError(renderComposeFaults(file, faults, root));
  }
  return needsOf(stack, root);
}

/**
 * Docker reads `0400` as the octal number that a mode is; YAML 1.2, by which the text is written again, as four hundred.
 * `0o400` means the same to both.
 */
function keepOctals(document: Document): void {
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "number" && /^0[0-7]+$/.test(scalar.source ?? "")) {
        scalar.value = Number.parseInt(scalar.source ?? "", 8);
        scalar.format = "OCT";
      }
    },
  });
}

/** The file's text with each generated secret's real name put in, comments and order kept; unchanged where it has none. */
export function nameSecrets(text: string, names: Readonly<Record<string, string>>): string {
  if (Object.keys(names).length === 0) {
    return text;
  }
  const document = parseDocument(text);
  keepOctals(document);
  for (const [key, name] of Object.entries(names)) {
    document.setIn(["secrets", key, "name"], name);
  }
  return document.toString({ lineWidth: 0 });
}
