import { type CandidateView, LOOK_AT_CANDIDATE, parseCandidate } from "./candidate-view";
import type { Context } from "./context";
import { runOn } from "./ssh-session";

/** What one machine says of itself and, where it is a manager with a quorum, of the swarm. */
export interface MachineView {
  name: string;
  /** Whether SSH answered. */
  reachable: boolean;
  /** Why it did not, in SSH's words. */
  error: string;
  /** The engine's state in the swarm: `active`, `inactive`, …; empty where Docker does not answer, `unknown` where it was not asked in time. */
  swarmState: string;
  /** Why the engine is no good member, in its words; empty where it is one, or in no swarm. */
  swarmError: string;
  /** Id of the machine's own node in the swarm; empty where it is in none. */
  nodeId: string;
  /** Id of the swarm, as a manager tells it; empty on others. */
  clusterId: string;
  /** The swarm's nodes as this machine sees them; empty unless it is a manager with a quorum. */
  nodes: readonly NodeView[];
  /** The swarm's services, likewise. */
  services: readonly ServiceView[];
  /** What it says of the entry's address; absent unless it is a manager of an environment with an entry. */
  entry?: CandidateView;
}

/** A node of the swarm as a manager sees it. */
export interface NodeView {
  id: string;
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
/** The script that looks at a machine's Docker, and at its part in the entry. */
export const LOOK = `${LOOK_AT_CANDIDATE}
ask() {
  answer=$(curl --silent --fail --max-time 10 --unix-socket /run/docker.sock "http://docker/$1") && echo "$1 $answer"
}
ask info || { echo silent; exit 0; }
ask nodes && ask 'services?status=true' || true
`;

interface ApiInfo {
  Swarm?: { LocalNodeState?: string; NodeID?: string; Error?: string; Cluster?: { ID?: string } };
}

interface ApiNode {
  ID: string;
  Description: { Hostname: string };
  Spec: { Availability: string };
  Status: { State: string };
  ManagerStatus?: { Leader?: boolean; Reachability: string };
}

interface ApiService {
  Spec: { Name: string };
  ServiceStatus?: { RunningTasks: number; DesiredTasks: number };
}

function nodeOf({ ID, Description, Spec, Status, ManagerStatus }: ApiNode): NodeView {
  const manager = ManagerStatus?.Leader === true ? "leader" : (ManagerStatus?.Reachability ?? "");
  return {
    id: ID,
    hostname: Description.Hostname,
    status: Status.State,
    availability: Spec.Availability,
    manager,
  };
}

/** The lines of a text that may have been cut off in the middle of its last. */
export function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

/** The lines that a look at a machine prints, as facts: the API's path and its answer. */
export function parseLook(text: string): Omit<MachineView, "name" | "reachable" | "error"> {
  const lines = wholeLines(text);
  const answer = (path: string): unknown => {
    const line = lines.find((candidate) => candidate.startsWith(`${path} `));
    return line === undefined ? undefined : JSON.parse(line.slice(path.length + 1));
  };
  const isSilent = lines.includes("silent");
  const info = answer("info") as ApiInfo | undefined;
  const nodes = (answer("nodes") ?? []) as ApiNode[];
  const services = (answer("services?status=true") ?? []) as ApiService[];
  const entry = parseCandidate(lines);
  return {
    swarmState: info?.Swarm?.LocalNodeState ?? (isSilent ? "" : "unknown"),
    swarmError: info?.Swarm?.Error ?? "",
    nodeId: info?.Swarm?.NodeID ?? "",
    clusterId: info?.Swarm?.Cluster?.ID ?? "",
    nodes: nodes.map(nodeOf),
    services: services
      .map(({ Spec, ServiceStatus }) => ({
        name: Spec.Name,
        running: ServiceStatus?.RunningTasks ?? 0,
        desired: ServiceStatus?.DesiredTasks ?? 0,
      }))
      .sort((one, other) => one.name.localeCompare(other.name)),
    ...(entry ? { entry } : {}),
  };
}

/** What is known of a machine that was not asked. */
export function unseenView(name: string): MachineView {
  return { name, reachable: false, error: "", ...parseLook("") };
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
