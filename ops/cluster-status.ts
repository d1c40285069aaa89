import type { VmStatus } from "../components/lab/lab-computer";
import type { ClusterConfig } from "../stacks/config";
import { type AppStatus, type EntryLook, type EntryStatus, judgeEntry } from "./entry-view";
import { findEye, findNode, machineProblems, nodeProblems } from "./machine-problems";
import type { MachineView, NodeView, ServiceView } from "./machine-view";
import { type StorageStatus, storageProblems } from "./storage-view";

/** A machine's place in the swarm. */
export type SwarmPlace = "leader" | "reachable" | "worker" | "down" | "absent";

/** What `./swarmstead status --json` prints; `docs/status.schema.json` describes it. */
export interface ClusterStatus {
  stack: string;
  platform: string;
  machines: MachineStatus[];
  services: ServiceView[];
  /** Absent where the environment has no shared storage. */
  storage?: StorageStatus;
  /** Absent where the environment has no entry. */
  entry?: EntryStatus;
  /** The apps that the entry leads to; absent where there is none. */
  apps?: AppStatus[];
  /** Empty where everything is as it should be. */
  problems: Problem[];
}

/** One machine of the config. */
export interface MachineStatus {
  name: string;
  role: "manager" | "worker";
  privateIp: string;
  /** Whether SSH answers. */
  reachable: boolean;
  swarm: SwarmPlace;
  /** Process of the VM; lab only, `null` while it does not run. */
  pid?: number | null;
  /** Port of the machine to where this computer reaches it, `127.0.0.1:<port>`; lab only. */
  ports?: Record<string, string>;
}

/** Something that is not as it should be. */
export interface Problem {
  /** The machine, service or part. */
  where: string;
  what: string;
  /** What to do about it. */
  cure: string;
  /** What `./swarmstead repair` runs again for it: a machine's name for all its steps, or the name of one step. */
  repair?: string;
}

function place(node: NodeView | undefined, view: MachineView | undefined): SwarmPlace {
  if (!node) {
    return "absent";
  }
  // One that has left is `ready` to the managers until they miss its heartbeats.
  const left = view?.swarmState === "inactive";
  if (left || node.status !== "ready" || node.manager === "unreachable") {
    return "down";
  }
  return node.manager === "" ? "worker" : node.manager === "leader" ? "leader" : "reachable";
}

/**
 * What is, held against what the config wants.
 *
 * @param views every machine of the config, looked at just now
 * @param vms the lab's VMs; absent on other platforms
 * @param storage the shared storage; absent where there is none
 * @param look what was seen of the entry; absent where there is none
 */
export function judge(
  stack: string,
  config: ClusterConfig,
  views: readonly MachineView[],
  vms?: readonly VmStatus[],
  storage?: StorageStatus,
  look?: EntryLook,
): ClusterStatus {
  const eye = findEye(views);
  const viewOf = (machine: string): MachineView | undefined =>
    views.find(({ name }) => name === machine);
  const machines = Object.entries(config.machines).map(([name, { role, address }]) => {
    const vm = vms?.find((candidate) => candidate.name === name);
    return {
      name,
      role,
      privateIp: address,
      reachable: views.some((view) => view.name === name && view.reachable),
      swarm: place(findNode(eye, viewOf(name), name), viewOf(name)),
      ...(vms ? { pid: vm?.pid ?? null, ports: vm?.ports ?? {} } : {}),
    };
  });

  const problems = machines.flatMap((machine) =>
    machineProblems(machine, viewOf(machine.name), eye),
  );
  if (!eye && views.some(({ reachable, swarmState }) => reachable && swarmState === "unknown")) {
    const what = "no manager has told of it in time";
    problems.push({ where: "swarm", what, cure: "look again; see what keeps the managers busy" });
  } else if (!eye) {
    const cure = "bring back the managers that do not answer; two of three are enough";
    problems.push({ where: "swarm", what: "no manager has a quorum", cure });
  } else {
    problems.push(...nodeProblems(machines, eye, views));
  }
  const services = [...(eye?.services ?? [])];
  for (const { name, running, desired } of services) {
    if (running !== desired) {
      const cure = `docker service ps --no-trunc ${name}`;
      problems.push({
        where: name,
        what: `${String(running)} of ${String(desired)} tasks run`,
        cure,
      });
    }
  }
  for (const app of Object.keys(config.apps)) {
    if (eye && !services.some(({ name }) => name.startsWith(`${app}_`))) {
      const what = "is not deployed";
      problems.push({ where: app, what, cure: "./swarmstead repair", repair: `${app}-deploy` });
    }
  }
  const { problems: front = [], ...entry } = judgeEntry(config, views, look) ?? {};
  problems.push(...storageProblems(storage), ...front);
  const platform = config.platform.kind;
  const parts = { ...(storage ? { storage } : {}), ...entry };
  return { stack, platform, machines, services, ...parts, problems };
}
