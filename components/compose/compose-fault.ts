import { type Fault, listFaults, renderFault, valueAt } from "../lib/fault";

/** One thing that is wrong with a compose file. */
export interface ComposeFault extends Fault {
  /** What is told of the value, where it is neither `got` nor the value itself. */
  shown?: string;
}

/** Keys under which a secret may stand; a value there is told by its kind alone. */
const SILENT = [
  "environment",
  "command",
  "entrypoint",
  "test",
  "labels",
  "options",
  "driver_opts",
  "secrets",
  "configs",
];
const LONGEST_VALUE = 80;

/** What a value is, without telling it. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) {
    return "nothing";
  }
  if (typeof value === "boolean") {
    return String(value);
  }
  const kinds: Partial<Record<string, string>> = { string: "text", number: "a number" };
  return kinds[typeof value] ?? (Array.isArray(value) ? "a list" : "a map");
}

/** The keys of a map, without what they hold. */
export function keysOf(value: unknown): string {
  const keys = Object.keys(Object(value) as object).join(", ");
  return typeof value === "object" && value !== null && keys !== "" ? keys : kindOf(value);
}

function show({ path, got, shown }: ComposeFault, root: unknown): string {
  if (shown !== undefined) {
    return shown;
  }
  const value = valueAt(root, path);
  const isWord = typeof value === "string" || typeof value === "number";
  const isSilent = path.length === 0 || path.some((key) => SILENT.includes(String(key)));
  if (got === undefined && (!isWord || isSilent)) {
    return kindOf(value);
  }
  const text = JSON.stringify(got ?? value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** All faults of a compose file under its name, in the file's order. */
export function renderComposeFaults(
  source: string,
  faults: readonly ComposeFault[],
  root: unknown,
): string {
  return listFaults(source, "", faults, root, (fault) => renderFault(fault, show(fault, root)));
}
