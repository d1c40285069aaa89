import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";

/** What the program has to know of a compose file. */
export interface ComposeNeeds {
  /** Names of the services. */
  services: readonly string[];
  /** Names of overlay networks that the file expects to exist and that belong to this stack alone: `<stack>-…`. */
  networks: readonly string[];
  /** Secrets that are generated once: their keys in the file, and how many random letters and digits each has. */
  secrets: Readonly<Record<string, number>>;
}

/** A compose file that cannot be deployed, with all its faults. */
export class ComposeError extends pulumi.RunError {}

/** Key of a secret that is to be generated, beside `external: true`; its value is the number of random letters and digits. */
const GENERATE = "x-generate-length";

/**
 * Reads what a compose v3 file needs of the program before it can be deployed.
 *
 * @param file where the text comes from, for messages
 * @throws {ComposeError} with every fault of the file
 */
export function composeNeeds(stack: string, text: string, file: string): ComposeNeeds {
  const document = parseDocument(text, { prettyErrors: true });
  const faults = document.errors.map(({ message }) => message.split("\n")[0] ?? message);
  const root: unknown = faults.length === 0 ? document.toJS() : {};
  const table = (value: unknown): Record<string, Record<string, unknown> | null> =>
    typeof value === "object" && value !== null
      ? (value as Record<string, Record<string, unknown> | null>)
      : {};

  const services = Object.keys(table(table(root).services));
  if (faults.length === 0 && services.length === 0) {
    faults.push("services: must have at least one service");
  }
  const networks = Object.values(table(table(root).networks)).flatMap((network) => {
    const name = network?.external === true ? network.name : undefined;
    return typeof name === "string" && name.startsWith(`${stack}-`) ? [name] : [];
  });
  const secrets: Record<string, number> = {};
  for (const [key, secret] of Object.entries(table(table(root).secrets))) {
    const length = secret?.[GENERATE];
    if (
      secret?.external !== true ||
      typeof length !== "number" ||
      !(length >= 16 && length <= 1024)
    ) {
      faults.push(
        `secrets.${key}: must be external with ${GENERATE} from 16 to 1024, got ${JSON.stringify(secret)}`,
      );
    } else {
      secrets[key] = length;
    }
  }
  if (faults.length > 0) {
    throw new ComposeError(faults.map((fault) => `${file}: ${fault}`).join("\n"));
  }
  return { services, networks, secrets };
}

/** The file's text with each generated secret's real name put in, comments and order kept; unchanged where it has none. */
export function nameSecrets(text: string, names: Readonly<Record<string, string>>): string {
  if (Object.keys(names).length === 0) {
    return text;
  }
  const document = parseDocument(text);
  for (const [key, name] of Object.entries(names)) {
    document.setIn(["secrets", key, "name"], name);
  }
  return document.toString({ lineWidth: 0 });
}
