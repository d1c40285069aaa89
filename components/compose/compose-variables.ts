import { valueAt } from "../lib/fault";
import type { ComposeFault } from "./compose-fault";

/** Sections in which `docker stack deploy` puts variables in. */
const SECTIONS = ["services", "networks", "volumes", "secrets", "configs"];

/** What stands for itself: two dollar signs for one, the variable that the program fills in, and one with a default. */
const HARMLESS = /\$\$|\$\{HOST\}|\$\{[A-Za-z_]\w*:?-[^}]*\}/g;

function search(value: unknown, path: readonly PropertyKey[]): ComposeFault[] {
  if (typeof value === "string") {
    // Where it stands is all that is told: a dollar sign may be part of a password.
    const message =
      "must hold no variable but ${HOST}, since nothing of your environment reaches the swarm; write its value, or $$ for a dollar sign";
    return value.replace(HARMLESS, "").includes("$") ? [{ path, message, shown: "text" }] : [];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    key.startsWith("x-") ? [] : search(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Variables that would be replaced by nothing. */
export function variableFaults(root: unknown): ComposeFault[] {
  return SECTIONS.flatMap((section) => search(valueAt(root, [section]), [section]));
}

/** The file's text with the app's host name in the place of each `${HOST}`. Two dollar signs stay one, whatever follows. */
export function fillHost(text: string, host: string): string {
  return text.replace(/\$\$|\$\{HOST\}/g, (found) => (found === "$$" ? found : host));
}
