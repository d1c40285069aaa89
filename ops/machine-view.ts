import type { Context } from "./context";
import { runOn } from "./ssh-session";

/** What one machine says of itself and, where it is a manager with a quorum, of the swarm. */
export interface MachineView {
  name: string;
  /** Whether SSH answered. */
  reachable: boolean;
  /** Why it did not, in SSH's words. */
  error: string;
  /** The engine's state in the swarm: `active`, `inactive`, …; empty where Docker does not answer. */
  swarmState: string;
  /** The swarm's nodes as this machine sees them; empty unless it is a manager with a quorum. */
  nodes: readonly NodeView[];
  /** The swarm's services, likewise. */
  services: readonly ServiceView[];
}

/** A node of the swarm as a manager sees it. */
export interface NodeView {
  hostname: string;
  /** `ready`, `down`, … */
  status: string;
  /** `active`, `drain` or `pause`. */
  availability: string;
  /** `leader`, `reachable`, `unreachable`, or empty for a worker. */
  manager: string;
}

/** A service and its tasks. */
export interface ServiceView {
  name: string;
  running: number;
  desired: number;
}

// The engine's API and not its CLI, three starts of which cost seconds where a processor is emulated.
const LOOK = `
ask() {
  answer=$(curl --silent --fail --max-time 15 --unix-socket /run/docker.sock "http://docker/$1") && echo "$1 $answer"
}
ask info || exit 0
ask nodes && ask 'services?status=true' || true
`;

interface ApiInfo {
  Swarm?: { LocalNodeState?: string };
}

interface ApiNode {
  Description: { Hostname: string };
  Spec: { Availability: string };
  Status: { State: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string };
}

interface ApiService {
  Spec: { Name: string };
  ServiceStatus?: { RunningTasks: number; DesiredTasks: number };
}

function nodeOf({ Description, Spec, Status, ManagerStatus }: ApiNode): NodeView {
  const manager = ManagerStatus?.Leader === true ? "leader" : (ManagerStatus?.Reachability ?? "");
  return {
    hostname: Description.Hostname,
    status: Status.State,
    availability: Spec.Availability,
    manager,
  };
}

/** The lines that a look at a machine prints, as facts: the API's path and its answer. */
export function parseLook(text: string): Pick<MachineView, "swarmState" | "nodes" | "services"> {
  const answer = (path: string): unknown => {
    const line = text.split("\n").find((candidate) => candidate.startsWith(`${path} `));
    return line === undefined ? undefined : JSON.parse(line.slice(path.length + 1));
  };
  const info = answer("info") as ApiInfo | undefined;
  const nodes = (answer("nodes") ?? []) as ApiNode[];
  const services = (answer("services?status=true") ?? []) as ApiService[];
  return {
    swarmState: info?.Swarm?.LocalNodeState ?? "",
    nodes: nodes.map(nodeOf),
    services: services
      .map(({ Spec, ServiceStatus }) => ({
        name: Spec.Name,
        running: ServiceStatus?.RunningTasks ?? 0,
        desired: ServiceStatus?.DesiredTasks ?? 0,
      }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  };
}

/** Looks at a machine; takes at most `timeoutSeconds`, and never fails. */
export async function lookAt(
  context: Context,
  name: string,
  timeoutSeconds = 45,
): Promise<MachineView> {
  const { code, stdout, stderr } = await runOn(context, name, LOOK, timeoutSeconds);
  const reachable = code === 0;
  const error = reachable ? "" : (stderr.trim().split("\n").at(-1) ?? "");
  return { name, reachable, error, ...parseLook(stdout) };
}
