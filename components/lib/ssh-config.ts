/** One machine of the generated SSH configuration. */
export interface SshConfigMachine {
  name: string;
  role: "manager" | "worker" | "visitor";
  host: string;
  port: number;
  user: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  hostKey: string;
}

export interface SshConfigSpec {
  /** Name of the Pulumi stack; the alias is `swarmstead-<stack>`. */
  stack: string;
  machines: readonly SshConfigMachine[];
  /** Absolute folder that the files lie in. */
  folder: string;
  /** Absolute path of the program that finds a live manager. */
  anyManager: string;
}

/** The alias that leads to any live manager. */
export function managerAlias(stack: string): string {
  return `swarmstead-${stack}`;
}

/** An `ssh_config` with a host per machine by its name, and the alias that leads to any live manager. */
export function renderSshConfig({ stack, machines, folder, anyManager }: SshConfigSpec): string {
  const hosts = machines.flatMap(({ name, host, port, user }) => [
    `Host ${name}`,
    `  HostName ${host}`,
    `  Port ${String(port)}`,
    `  User ${user}`,
    `  HostKeyAlias ${name}`,
    "",
  ]);
  const managers = machines.filter(({ role }) => role === "manager");
  const targets = managers.map(({ host, port }) => `${host}:${String(port)}`).join(" ");
  return [
    "# Generated; every `up` writes it anew.",
    ...hosts,
    `Host ${managerAlias(stack)}`,
    `  User ${managers[0]?.user ?? "root"}`,
    `  HostKeyAlias ${managerAlias(stack)}`,
    `  ProxyCommand "${anyManager}" ${targets}`,
    "",
    "Host *",
    `  IdentityFile "${folder}/id_ed25519"`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile "${folder}/known_hosts"`,
    "  GlobalKnownHostsFile /dev/null",
    "  StrictHostKeyChecking yes",
    "  UpdateHostKeys no",
    "  BatchMode yes",
    "  ConnectTimeout 20",
    "  ServerAliveInterval 10",
    "  ServerAliveCountMax 6",
    "  LogLevel ERROR",
    "",
  ].join("\n");
}

/** The `known_hosts` beside it: each machine by its name, and every manager's key for the alias. */
export function renderKnownHosts(stack: string, machines: readonly SshConfigMachine[]): string {
  const lines = machines.flatMap(({ name, role, hostKey }) => [
    `${name} ${hostKey}`,
    ...(role === "manager" ? [`${managerAlias(stack)} ${hostKey}`] : []),
  ]);
  return `${lines.join("\n")}\n`;
}

/** The names by role, for scripts that visit several machines: a line `<name> <role>` each, the visitor left out. */
export function renderMachineList(machines: readonly SshConfigMachine[]): string {
  return machines
    .filter(({ role }) => role !== "visitor")
    .map(({ name, role }) => `${name} ${role}\n`)
    .join("");
}
