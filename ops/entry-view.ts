import { entryWays } from "../components/lab/lab-computer";
import { managerAlias } from "../components/lib/ssh-config";
import { routedHosts } from "../stacks/app-hosts";
import type { ClusterConfig } from "../stacks/config";
import type { Problem } from "./cluster-status";
import type { Context } from "./context";
import { type MachineView, wholeLines } from "./machine-view";
import { runOn } from "./ssh-session";

/** The one address that visitors ask, as `./swarmstead status --json` prints it. */
export interface EntryStatus {
  address: string;
  /** The machine that holds it; `null` where none does, or two do. */
  holder: string | null;
  /** Where this computer reaches its ports 80 and 443, `127.0.0.1:<port>`; lab only. */
  http?: string;
  https?: string;
}

/** An app that the entry leads to, as `./swarmstead status --json` prints it. */
export interface AppStatus {
  name: string;
  host: string;
  /** Whether a visitor has to sign on first; nothing does yet. */
  protected: boolean;
  /** Whether it answers through the address. */
  ok: boolean;
}

/** What was seen of the entry from outside of the machines that may hold it. */
export interface EntryLook {
  /** Host names of the apps that it leads to, by their names. */
  hosts: Readonly<Record<string, string>>;
  /** HTTP status of each app's answer through the address, 0 for none in time; an app that nobody could ask is absent. */
  codes: Readonly<Record<string, number>>;
  /** Port of the address to where this computer reaches it; empty outside of the lab. */
  ways: Readonly<Record<string, string>>;
}

/** What a manager runs to ask each app, all at once: by the address, whatever a name server says of the host name. */
export function askApps(address: string, hosts: Readonly<Record<string, string>>): string {
  const asks = Object.entries(hosts).map(([app, host]) => `ask ${app} ${host} &\n`);
  return `ask() {
  echo "$1 $(curl --silent --insecure --output /dev/null --write-out '%{http_code}' --max-time 10 \\
    --resolve "$2:443:${address}" "https://$2/")"
}
${asks.join("")}wait
`;
}

/** Asks every app by the entry's address, on any live manager; nothing where the environment has no entry. Never fails. */
export async function lookAtEntry(
  context: Context,
  timeoutSeconds: number,
): Promise<EntryLook | undefined> {
  const config = context.config();
  if (!config.entry) {
    return undefined;
  }
  const { address } = config.entry;
  const hosts = routedHosts(config);
  const ways = context.isLab ? entryWays(context.state, address) : {};
  if (Object.keys(hosts).length === 0) {
    return { hosts, codes: {}, ways };
  }
  const alias = managerAlias(context.stack);
  const { stdout } = await runOn(context, alias, askApps(address, hosts), timeoutSeconds);
  const words = wholeLines(stdout).map((line) => line.split(" "));
  const codes = Object.fromEntries(words.map(([app = "", code]) => [app, Number(code)]));
  return { hosts, codes, ways };
}

/** Traefik says 404 of a host name that it does not know, and 502 to 504 of an app that it does not reach. */
function isAnswer(code: number | undefined): boolean {
  return code !== undefined && code > 0 && code < 500 && code !== 404;
}

function reasonOf({ name, reachable, entry }: MachineView): string {
  const silent = reachable ? "has no part in it" : "does not answer";
  return `${name}: ${entry ? entry.fault || "may take it at any moment" : silent}`;
}

function holderProblems(
  address: string,
  holders: readonly string[],
  managers: readonly MachineView[],
  isServed: boolean,
): Problem[] {
  const traefik = "docker service ps --no-trunc traefik_traefik";
  if (holders.length === 1) {
    return managers.flatMap(({ name, entry }) => {
      const verb = name === holders[0] ? "is about to give up" : "could not take over";
      const what = `${verb} ${address}: ${entry?.fault ?? ""}`;
      const cure = `./swarmstead doctor, and ${traefik}`;
      return entry && entry.fault !== "" ? [{ where: name, what, cure }] : [];
    });
  }
  const where = "entry";
  if (holders.length > 1) {
    const what = `${holders.join(" and ")} hold ${address} at the same time`;
    const cure = `wait where it has just moved; else see whether VRRP gets through between them: ./swarmstead ssh ${holders[0] ?? ""} sudo journalctl -u keepalived -n 20`;
    return [{ where, what, cure }];
  }
  const who = isServed
    ? `nobody who can be asked holds ${address}, yet it answers`
    : `nobody holds ${address}`;
  const what = [who, ...managers.map(reasonOf)].join("; ");
  const cure = `wait where machines or Traefik have just started; else ${traefik}, and ./swarmstead repair`;
  return [{ where, what, cure }];
}

function appProblem(where: string, host: string, code: number): Problem {
  const said = code === 0 ? "nothing in time" : `HTTP ${String(code)}`;
  const what = `does not answer at https://${host}/ through the entry: ${said}`;
  const cure = `docker stack ps --no-trunc ${where}; where its tasks run, see its labels and networks in apps/${where}/compose.yaml`;
  return { where, what, cure };
}

/** What the machines and the look say of the entry, held against the config; nothing where there is none. */
export function judgeEntry(
  { entry, machines }: Pick<ClusterConfig, "entry" | "machines">,
  views: readonly MachineView[],
  look: EntryLook | undefined,
): { entry: EntryStatus; apps: AppStatus[]; problems: Problem[] } | undefined {
  if (!entry || !look) {
    return undefined;
  }
  const { address } = entry;
  const managers = views.filter(({ name }) => machines[name]?.role === "manager");
  const holders = managers
    .filter((view) => view.entry?.addresses.includes(address) === true)
    .map(({ name }) => name);
  const holder = holders.length === 1 ? (holders[0] ?? null) : null;
  const { 80: http, 443: https } = look.ways;
  const apps = Object.entries(look.hosts).map(([name, host]) => {
    return { name, host, protected: false, ok: isAnswer(look.codes[name]) };
  });
  const isServed = Object.values(look.codes).some((code) => code > 0);
  const problems = holderProblems(address, holders, managers, isServed);
  if (holder !== null) {
    // That nobody could ask, or that nobody holds the address, is told elsewhere.
    const silent = apps.filter(({ name, ok }) => !ok && look.codes[name] !== undefined);
    problems.push(...silent.map(({ name, host }) => appProblem(name, host, look.codes[name] ?? 0)));
  }
  const ways = { ...(http ? { http } : {}), ...(https ? { https } : {}) };
  return { entry: { address, holder, ...ways }, apps, problems };
}
