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
  /** `Ready`, `Down`, … */
  status: string;
  /** `Active`, `Drain` or `Pause`. */
  availability: string;
  /** `Leader`, `Reachable`, `Unreachable`, or empty for a worker. */
  manager: string;
}

/** A service and its tasks. */
export interface ServiceView {
  name: string;
  running: number;
  desired: number;
}

const LOOK = `
timeout 15 docker info --format 'swarm {{.Swarm.LocalNodeState}}' 2>/dev/null || true
timeout 15 docker node ls --format 'node {{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}' 2>/dev/null &&
timeout 15 docker service ls --format 'service {{.Name}} {{.Replicas}}' 2>/dev/null || true
`;

/** The lines that a look at a machine prints, as facts. */
export function parseLook(text: string): Pick<MachineView, "swarmState" | "nodes" | "services"> {
  let swarmState = "";
  const nodes: NodeView[] = [];
  const services: ServiceView[] = [];
  for (const line of text.split("\n")) {
    const [kind, first = "", second = "", third = "", fourth = ""] = line.split(" ");
    if (kind === "swarm") {
      swarmState = first;
    } else if (kind === "node") {
      nodes.push({ hostname: first, status: second, availability: third, manager: fourth });
    } else if (kind === "service") {
      const [running = "0", desired = "0"] = second.split("/");
      services.push({ name: first, running: Number(running), desired: Number(desired) });
    }
  }
  return { swarmState, nodes, services };
}

/** Looks at a machine; takes at most `timeoutSeconds`, and never fails. */
export async function lookAt(
  context: Context,
  name: string,
  timeoutSeconds = 25,
): Promise<MachineView> {
  const { code, stdout, stderr } = await runOn(context, name, LOOK, timeoutSeconds);
  const reachable = code === 0;
  const error = reachable ? "" : (stderr.trim().split("\n").at(-1) ?? "");
  return { name, reachable, error, ...parseLook(stdout) };
}
