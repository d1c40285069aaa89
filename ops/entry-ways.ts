import type { ClusterStatus } from "./cluster-status";

/** Lines for people: who holds the address, and every app with its URL and whether it answers there. */
export function renderEntry({ entry, apps = [] }: Pick<ClusterStatus, "entry" | "apps">): string[] {
  if (!entry) {
    return [];
  }
  const { address, holder, http, https } = entry;
  const ways = [...(http ? [`80 at ${http}`] : []), ...(https ? [`443 at ${https}`] : [])];
  return [
    [`entry ${address}: held by ${holder ?? "nobody"}`, ...ways].join(", "),
    ...apps.map(
      ({ name, host, ok }) => `${name.padEnd(24)} ${ok ? "answers" : "silent "}  https://${host}/`,
    ),
  ];
}

/** Browsers and curl lead such a name to this computer by themselves (RFC 6761, 6.3). */
const LOCAL_NAME = /(?:^|\.)localhost$/;

/** By HTTPS alone: port 80 would lead to port 443 of the name, where this computer has nothing. */
function renderWay(host: string, https: string): string[] {
  const [, port = ""] = https.split(":");
  const url = `https://${host}:${port}/`;
  const before = LOCAL_NAME.test(host) ? "" : `add "127.0.0.1 ${host}" to /etc/hosts, then `;
  return [
    `  in this computer's browser: ${before}${url}`,
    `  curl --insecure --resolve ${host}:${port}:127.0.0.1 ${url}`,
  ];
}

/** How to open the apps from where the launcher runs; nothing without an entry. */
export function renderWays({ entry, apps = [] }: Pick<ClusterStatus, "entry" | "apps">): string[] {
  if (!entry) {
    return [];
  }
  const { address, https } = entry;
  return apps.flatMap(({ name, host }) => {
    const ways =
      https !== undefined
        ? renderWay(host, https)
        : [
            `  in a browser: have ${host} lead to ${address}, then https://${host}/`,
            `  curl --insecure --resolve ${host}:443:${address} https://${host}/`,
          ];
    return ["", `to open ${name}:`, ...ways];
  });
}
