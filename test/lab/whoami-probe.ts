import { ask } from "./page-client";

/** The replica that an answer of the app comes from. */
export function replicaIn(text: string): string {
  return /^Hostname: (\w+)/m.exec(text)?.[1] ?? "";
}

/** The replicas that answer at an address of this computer, in `tries` new connections. */
export async function replicasAt(address: string, tries = 12): Promise<Set<string>> {
  const names = new Set<string>();
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { text } = await ask(`http://${address}/`, { limitSeconds: 10 });
    names.add(replicaIn(text));
  }
  return names;
}
