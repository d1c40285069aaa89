import type { z } from "zod";

/** One thing that is wrong with a stack file. */
export interface Fault {
  /** Where, from `swarmstead:cluster` on. */
  path: readonly PropertyKey[];
  /** What must be, and after "; " what to do about it. */
  message: string;
  /** What stands there. @default the value at `path` */
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

/** What a setting is worth by itself, default filled in; nothing where it is at fault. */
export function read<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: readonly PropertyKey[],
): T | undefined {
  const result = schema.safeParse(valueAt(value, path));
  return result.success ? result.data : undefined;
}
