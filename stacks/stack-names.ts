import { ENTRY_STACKS } from "../components/lab/baked-images";

/** What an environment says of what it runs. */
interface Runs {
  apps: Readonly<Record<string, unknown>>;
  entry?: unknown;
}

/** Names of all stacks that an environment deploys: its apps, and with an entry the platform's own. */
export function stackNames({ apps, entry }: Runs): string[] {
  return [...Object.keys(apps), ...(entry === undefined ? [] : ENTRY_STACKS)];
}
