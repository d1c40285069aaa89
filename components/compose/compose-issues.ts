import type { z } from "zod";
import { valueAt } from "../lib/fault";
import { nearestWord } from "../lib/nearest-word";
import { type ComposeFault, kindOf } from "./compose-fault";
import { REFUSED_KEYS } from "./compose-refusals";

type Path = readonly PropertyKey[];

/** More known keys than this are not listed for one that is unknown. */
const LISTED_KEYS = 12;

/** Places where compose allows `x-…`: the file itself, and what stands in it by name. */
function isExtension(path: Path, key: string): boolean {
  return key.startsWith("x-") && (path.length === 0 || path.length === 2);
}

/** A rule, and the keys that it tells of. */
function splitKnown(message: string): [string, string[]?] {
  const [rule = "", keys] = message.split("; there are ");
  return keys === undefined ? [rule] : [rule, keys.split(", ")];
}

/** The keys that a rule tells; none where they are too many to be of use. */
function listedKeys(known: readonly string[]): string {
  return known.length <= LISTED_KEYS ? `there are ${known.join(", ")}` : "";
}

function keyFault(path: Path, message: string, value: unknown): ComposeFault {
  const key = String(path.at(-1));
  const isOfService = path[0] === "services" && path.length === 3;
  const refusal = isOfService ? REFUSED_KEYS[key] : undefined;
  if (refusal !== undefined) {
    // Arguments of a build may be secret.
    const shown = typeof value === "object" ? { shown: kindOf(value) } : {};
    return { path, message: refusal, ...shown };
  }
  const [, known = []] = splitKnown(message);
  const nearest = nearestWord(key, known);
  const cure = nearest === undefined ? listedKeys(known) || "take it out" : `write ${nearest}`;
  // A misspelt "environment" may hold a secret.
  return { path, message: `must be a key of compose v3; ${cure}`, shown: kindOf(value) };
}

/** Of the ways in which a value can be written, the one that it is of by its kind; nothing where it is of none. */
function meantWay(ways: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const [meant] = ways.filter(
    (way) => !way.some(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  return meant;
}

/**
 * The faults that the schema finds.
 *
 * @param root what it was applied to
 */
export function issueFaults(
  issues: readonly z.core.$ZodIssue[],
  root: unknown,
  at: Path = [],
): ComposeFault[] {
  return issues.flatMap((issue): ComposeFault[] => {
    const path = [...at, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys
        .filter((key) => !isExtension(path, key))
        .map((key) => keyFault([...path, key], issue.message, valueAt(root, [...path, key])));
    }
    const meant = issue.code === "invalid_union" ? meantWay(issue.errors) : undefined;
    if (meant) {
      return issueFaults(meant, root, path);
    }
    const [rule, known = []] = splitKnown(issue.message);
    const isLong = known.length > LISTED_KEYS;
    return [{ path, message: isLong ? rule : issue.message }];
  });
}
