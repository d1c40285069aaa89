import { isRouted } from "./apps";
import type { ClusterConfig } from "./config-schema";

/** Host name by which the entry leads to an app; nothing where there is no entry. */
export function appHost(
  { apps, entry }: Pick<ClusterConfig, "apps" | "entry">,
  app: string,
): string | undefined {
  return entry && (apps[app]?.host ?? `${app}.${entry.domain}`);
}

/** What stands for `${HOST}` in an app's compose file; without an entry a name that leads nowhere (RFC 6761). */
export function composeHost(config: Pick<ClusterConfig, "apps" | "entry">, app: string): string {
  return appHost(config, app) ?? `${app}.invalid`;
}

/** Host names of the apps that the entry is to lead to, by their names; empty where there is no entry. */
export function routedHosts(
  config: Pick<ClusterConfig, "apps" | "entry">,
  folder?: string,
): Record<string, string> {
  const routed = Object.keys(config.apps).filter((app) => isRouted(app, folder));
  return Object.fromEntries(
    routed.flatMap((app): [string, string][] => {
      const host = appHost(config, app);
      return host === undefined ? [] : [[app, host]];
    }),
  );
}
