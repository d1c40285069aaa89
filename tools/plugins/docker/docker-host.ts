import type { Properties } from "../wire-values";

/** How the Docker daemon is reached. */
export interface DockerHost {
  /** What ssh takes as its destination; may be an alias of its configuration. */
  destination: string;
  /** Options of ssh, before its destination. */
  options: readonly string[];
}

/** Options of the provider that say nothing of where the daemon is. */
const HARMLESS = ["version", "disableDockerDaemonCheck"];

/**
 * The host that the provider is configured with.
 *
 * @throws {Error} for everything but an `ssh://` host and `sshOpts`
 */
export function parseDockerHost(config: Properties): DockerHost {
  const others = Object.keys(config).filter(
    (name) => !name.startsWith("__") && ![...HARMLESS, "host", "sshOpts"].includes(name),
  );
  if (others.length > 0) {
    throw new Error(
      `docker provider: ${others.join(", ")}: is not served by the stand-in; use the real plugin`,
    );
  }
  const { host, sshOpts = [] } = config;
  const address =
    typeof host === "string" ? /^ssh:\/\/(?:([^@/]+)@)?([^@:/]+)(?::(\d+))?$/.exec(host) : null;
  if (!address) {
    const got = JSON.stringify(host ?? null);
    throw new Error(
      `docker provider: host: must be ssh://[user@]host[:port] for the stand-in, got ${got}`,
    );
  }
  const [, user, destination = "", port] = address;
  // The engine hands a provider's lists over as JSON text.
  const options: unknown = typeof sshOpts === "string" ? JSON.parse(sshOpts) : sshOpts;
  if (!Array.isArray(options) || !options.every((option) => typeof option === "string")) {
    throw new Error("docker provider: sshOpts: must be a list of strings");
  }
  return {
    destination,
    options: [...options, ...(user ? ["-l", user] : []), ...(port ? ["-p", port] : [])],
  };
}
