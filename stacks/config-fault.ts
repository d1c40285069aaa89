import type { z } from "zod";
import { valueAt } from "../components/lib/fault";

/** What a setting is worth by itself, default filled in; nothing where it is at fault. */
export function read<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: readonly PropertyKey[],
): T | undefined {
  const result = schema.safeParse(valueAt(value, path));
  return result.success ? result.data : undefined;
}
