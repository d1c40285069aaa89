/** One thing that is wrong with a file that a user writes. */
export interface Fault {
  /** Where, from the root that is looked at on. */
  path: readonly PropertyKey[];
  /** What must be, and after "; " what to do about it. */
  message: string;
  /** What stands there. */
  got?: unknown;
}

/** The value at a path, as far as there is one. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

/** What a map or a list holds, by key; nothing where it is neither. */
export function entriesAt(value: unknown, path: readonly PropertyKey[]): [string, unknown][] {
  const inner = valueAt(value, path);
  return typeof inner === "object" && inner !== null ? Object.entries(inner) : [];
}

/** Where in the file a fault stands: the place of each key among its neighbours; what is missing comes last. */
function placeOf(path: readonly PropertyKey[], value: unknown): number[] {
  return path.map((key, depth) => {
    const keys = Object.keys(Object(valueAt(value, path.slice(0, depth))) as object);
    const place = keys.indexOf(String(key));
    return place < 0 ? keys.length : place;
  });
}

function byPlace(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((place, depth) => place !== other[depth]);
  return at < 0 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1);
}

/** A fault as `where: rule, got value; cure`. Without a value where that is not to be shown. */
export function renderFault({ path, message }: Fault, got: string | undefined, root = ""): string {
  const [rule = "", ...cure] = message.split("; ");
  const where = path.map(String).join(".") || root;
  const what = got === undefined ? rule : `${rule}, got ${got}`;
  return `${where === "" ? "" : `${where}: `}${[what, ...cure].join("; ")}`;
}

/**
 * Lines of faults under one that counts them: in the order of what they were found in, each once.
 *
 * @param source the file's name
 * @param within follows the count, for example " in swarmstead:cluster"
 * @param value what the faults' paths lead into
 */
export function listFaults<T extends Fault>(
  source: string,
  within: string,
  faults: readonly T[],
  value: unknown,
  render: (fault: T) => string,
): string {
  const lines = faults
    .map((fault) => ({ line: `  ${render(fault)}`, place: placeOf(fault.path, value) }))
    .sort((one, other) => byPlace(one.place, other.place))
    .map(({ line }) => line);
  const unique = [...new Set(lines)];
  const count = unique.length === 1 ? "1 fault" : `${String(unique.length)} faults`;
  return [`${source}: ${count}${within}`, ...unique].join("\n");
}
