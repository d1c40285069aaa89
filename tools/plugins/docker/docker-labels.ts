import type { Fault } from "../resource-kind";
import { isObject, type Properties, reveal, UNKNOWN, type Value } from "../wire-values";

/** What the real plugin keeps in the state to know which of its versions wrote it. */
export const META = JSON.stringify({ schema_version: "1" });

/** Labels as the provider has them, `[{label, value}]`, as Docker has them. */
export function toDockerLabels(labels: Value | undefined): Record<string, string> {
  const list = (labels ?? []) as unknown as readonly { label: string; value: string }[];
  return Object.fromEntries(list.map(({ label, value }) => [label, value]));
}

/** Docker's labels as the provider has them. */
export function fromDockerLabels(labels: Record<string, string> | null | undefined): Value {
  return Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}

/** What is wrong with a name and labels, which every named object of Docker takes. */
export function nameFaults({ name, labels }: Properties): Fault[] {
  const faults: Fault[] = [];
  if ((name ?? null) === null) {
    const reason = "must be given: the stand-in makes up no names";
    faults.push({ property: "name", reason });
  }
  const list = reveal(labels ?? []);
  const complete = (label: Value): boolean =>
    label === UNKNOWN || (isObject(label) && "label" in label && "value" in label);
  if (Array.isArray(list) && !list.every((label: Value) => complete(label))) {
    faults.push({ property: "labels", reason: "must each have a label and a value" });
  }
  return faults;
}
