/** What an environment says of its apps' names. */
export interface HostNames {
  apps: Readonly<Record<string, { host?: string | undefined }>>;
  /** Domain below which an app has its name where it says none itself. @default no visitor comes by a name */
  entry?: { domain: string } | undefined;
}

/** A domain that leads nowhere (RFC 6761), so that a compose file can name its host in every environment. */
const NOWHERE = "invalid";

/** The host name that stands for `${HOST}` in an app's compose file. */
export function composeHost({ apps, entry }: HostNames, app: string): string {
  return apps[app]?.host ?? `${app}.${entry?.domain ?? NOWHERE}`;
}
