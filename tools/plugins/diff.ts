import { equal, isObject, isSecret, type Properties, type Value } from "./wire-values";

/** What became of a property. */
export type Change = "add" | "delete" | "update";

/** Changes by the path of the property, for example `connection.port` or `triggers[0]`. */
export type Changes = ReadonlyMap<string, Change>;

function walk(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  found: Map<string, Change>,
): void {
  if (equal(before, after)) {
    return;
  }
  if (before === undefined || before === null) {
    found.set(path, "add");
  } else if (after === undefined || after === null) {
    found.set(path, "delete");
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
      walk(`${path}[${String(at)}]`, before[at] as Value, after[at] as Value, found);
    }
  } else if (isObject(before) && isObject(after) && !isSecret(before) && !isSecret(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(join(path, key), before[key], after[key], found);
    }
  } else {
    found.set(path, "update");
  }
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) {
    return `${path}[${JSON.stringify(key)}]`;
  }
  return path === "" ? key : `${path}.${key}`;
}

/** How the properties differ. What the engine adds for itself (`__…` and `version`) does not count. */
export function diffProperties(before: Properties, after: Properties): Changes {
  const found = new Map<string, Change>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!key.startsWith("__") && key !== "version") {
      walk(join("", key), before[key], after[key], found);
    }
  }
  return found;
}

/** The top-level property that a path leads into. */
export function topOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}
